// A real Wechaty puppet service on loopback around a mock account, for the tests.
//   TOKEN=… GRPC_PORT=… CONTROL_PORT=… WORLD=world.json SENT=sent.jsonl node gateway.mjs
// The world file says which contacts and rooms there are, so that a gateway that was killed comes back with them; every
// message the bot sends is a line of the sent file, so that a kill loses none. The control port does the rest.
import fs from 'node:fs'
import http from 'node:http'
import * as PUPPET from 'wechaty-puppet'
import { PuppetMock, mock } from 'wechaty-puppet-mock'
import { FileBox } from 'file-box'
import { PuppetServer } from 'wechaty-puppet-service'

const env = process.env
const Type = PUPPET.types.Message
const run = Date.now().toString(36)
let world = JSON.parse(fs.readFileSync(env.WORLD, 'utf8'))
let sequence = 0
let fault = null // of sending: 'refuse', 'lose' (an id is returned, nothing goes out) or 'hang'
const messages = new Map()
const counts = { starts: 0, stops: 0, sends: 0 }

const contact = id => world.contacts.find(each => each.id === id)
const room = id => world.rooms.find(each => each.id === id)
const known = (thing, id) => { if (!thing) throw new Error(`there is no ${id}`); return thing }

class Account extends PuppetMock {
  // The Python client always calls Stop and then Start when it connects.
  async onStart () {
    await super.onStart()
    counts.starts++
    setImmediate(() => { if (!this.isLoggedIn && world.loggedIn !== false) this.login(world.self.id) })
  }

  async onStop () {
    await super.onStop()
    counts.stops++
    this.__currentUserId = undefined
  }

  // Read from the world each time: what is stale is then the client's doing.
  async contactList () { return world.contacts.map(each => each.id) }
  async contactPayload (id) {
    const found = known(id === world.self.id ? world.self : contact(id), id)
    return { id, name: found.name, alias: found.alias || '', friend: found.friend ?? true, phone: [], avatar: '', gender: 0, type: 1 }
  }

  async roomList () { return world.rooms.map(each => each.id) }
  async roomPayload (id) {
    const found = known(room(id), id)
    return { id, topic: found.topic, memberIdList: found.members, adminIdList: [], avatar: '', ownerId: '' }
  }

  async roomMemberList (id) { return known(room(id), id).members }
  async roomMemberPayload (id, member) {
    const name = member === world.self.id ? world.self.name : known(contact(member), member).name
    return { id: member, avatar: '', name, roomAlias: (known(room(id), id).aliases || {})[member] || '' }
  }

  async roomInvitationPayload (id) {
    const found = known((world.invitations || []).find(each => each.id === id), id)
    return { avatar: '', invitation: '', inviterId: found.inviter, receiverId: world.self.id, memberCount: 0,
      memberIdList: [], timestamp: Date.now(), ...found }
  }

  async roomInvitationAccept (id) { record({ kind: 'accepted', id }) }
  async messageImage (id) { return FileBox.fromBase64(known(messages.get(id)?.picture, id), 'picture.jpg') }
  async messagePayload (id) { return known(messages.get(id), id) }
  async messageSendText (conversation, text, mentions) {
    counts.sends++
    if (fault === 'hang') await new Promise(() => {})
    if (fault === 'refuse') throw new Error('refused')
    const group = room(conversation)
    if (!group && !known(contact(conversation), conversation).friend) throw new Error('not a friend')
    const payload = store({ talkerId: world.self.id, text, mentionIdList: mentions || [],
      ...(group ? { roomId: conversation } : { listenerId: conversation }) })
    if (fault === 'lose') return payload.id
    record({ kind: 'text', id: payload.id, room: group?.topic ?? null, to: group ? null : contact(conversation).name,
      text, mentions: mentions || [] })
    if (world.echo) this.emit('message', { messageId: payload.id })
    return payload.id
  }
}

function store (more) {
  const payload = { id: `msg_${run}_${++sequence}`, type: Type.Text, text: '', timestamp: Date.now(), mentionIdList: [], ...more }
  messages.set(payload.id, payload)
  return payload
}

function record (line) {
  fs.appendFileSync(env.SENT, JSON.stringify({ at: Date.now() / 1000, ...line }) + '\n')
}

const puppet = new Account({ mocker: new mock.Mocker() })
puppet.on('error', () => {})

const routes = {
  '/say': ({ from, room: where, count = 1, ...more }) => {
    const payload = store({ talkerId: from, ...(where ? { roomId: where } : { listenerId: world.self.id }), ...more })
    if (count) for (let n = 0; n < count; n++) puppet.emit('message', { messageId: payload.id })
    return { id: payload.id }
  },
  '/say_all': ({ messages }) => { for (const each of messages) routes['/say'](each) },
  '/deliver': ({ ids }) => { for (const id of ids) puppet.emit('message', { messageId: id }) },
  '/emit': ({ event, payload }) => { puppet.emit(event, payload) },
  '/world': body => { world = body },
  '/relogin': async body => {
    if (puppet.isLoggedIn) await puppet.logout('again')
    world = body
    await puppet.login(world.self.id)
  },
  '/fault': body => { fault = body.send ?? null },
  '/state': () => ({ loggedIn: puppet.isLoggedIn, ...counts }),
}

process.on('unhandledRejection', error => console.error('unhandled', error))
const server = new PuppetServer({ endpoint: `127.0.0.1:${env.GRPC_PORT}`, puppet, token: env.TOKEN, tls: { disable: true } })
await server.start()
http.createServer(async (request, response) => {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  try {
    const answer = await routes[request.url](chunks.length ? JSON.parse(Buffer.concat(chunks)) : {})
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answer ?? {}))
  } catch (error) {
    response.writeHead(500)
    response.end(String(error.stack || error))
  }
}).listen(Number(env.CONTROL_PORT), '127.0.0.1')
