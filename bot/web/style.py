"""How the page looks: calm, and loud only where it is urgent. No fonts or files from elsewhere."""

CSS = """
:root { --ink:#1f2a33; --soft:#6b7a86; --line:#e3e8ec; --ground:#f4f6f7; --mine:#c9efc4; --accent:#0b7a75; }
body { background: var(--ground); color: var(--ink);
  font-family: "PingFang SC","Hiragino Sans GB","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",system-ui,sans-serif; }
.nicegui-content { padding: 0; gap: 0; }
.ll-header { background: #fff; color: var(--ink); border-bottom: 1px solid var(--line); padding: .35rem .75rem; }
.ll-title { font-weight: 600; font-size: 1.05rem; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.ll-soft { color: var(--soft); font-size: .8rem; }
.ll-room { width: 100%; border-radius: .6rem; padding: .55rem .7rem; cursor: pointer; background: none; border: 0;
  text-align: left; display: flex; align-items: center; gap: .5rem; font-size: .95rem; }
.ll-room:hover, .ll-room:focus-visible { background: #eef2f4; }
.ll-room.here { background: #e0f0ef; font-weight: 600; }
.ll-room .name { flex: 1; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.ll-unread { background: #d33; color: #fff; border-radius: 1rem; font-size: .72rem; padding: 0 .45rem; line-height: 1.2rem; }
.ll-chat { width: 100%; max-width: 52rem; margin: 0 auto; padding: .75rem; gap: .7rem; }
.ll-line { display: flex; flex-direction: column; align-items: flex-start; max-width: min(86%, 40rem); }
.ll-line.mine { align-self: flex-end; align-items: flex-end; }
.ll-who { color: var(--soft); font-size: .75rem; padding: 0 .3rem .1rem; }
.ll-bubble { background: #fff; border: 1px solid var(--line); border-radius: .75rem; padding: .5rem .7rem;
  white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.5; font-size: .95rem; }
.mine .ll-bubble { background: var(--mine); border-color: #b2e0ac; }
.bot .ll-bubble { border-left: 4px solid var(--accent); }
.bot.level1 .ll-bubble { border-left-color: #c62828; background: #fff4f4; }
.bot.level2 .ll-bubble { border-left-color: #e07000; background: #fff8ef; }
.bot.level3 .ll-bubble { border-left-color: #d4a900; }
.bot.level4 .ll-bubble { border-left-color: #3c8d40; }
.bot.private .ll-bubble { border-style: dashed; }
.ll-quoted { color: var(--soft); background: rgba(0,0,0,.05); border-radius: .4rem; padding: .15rem .5rem; margin-bottom: .2rem;
  font-size: .8rem; max-width: 100%; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.ll-tools { opacity: .0; transition: opacity .1s; display: flex; gap: .2rem; }
.ll-line:hover .ll-tools, .ll-line:focus-within .ll-tools { opacity: 1; }
@media (hover: none) { .ll-tools { opacity: .55; } }
.ll-tool { font-size: .75rem; color: var(--soft); background: none; border: 0; cursor: pointer; padding: .1rem .4rem; }
.ll-footer { background: #fff; border-top: 1px solid var(--line); padding: .4rem .6rem; color: var(--ink); }
.ll-chip { color: #fff; border-radius: .4rem; padding: 0 .4rem; font-size: .8rem; font-weight: 700; }
.ll-chip.level1 { background: #c62828; } .ll-chip.level2 { background: #e07000; }
.ll-chip.level3 { background: #d4a900; color: #2b2300; } .ll-chip.level4 { background: #3c8d40; }
.ll-case { width: 100%; background: #fff; border: 1px solid var(--line); border-radius: .6rem; padding: .5rem .65rem; gap: .15rem;
  cursor: pointer; }
.ll-case.level1 { border-left: 4px solid #c62828; } .ll-case.level2 { border-left: 4px solid #e07000; }
.ll-case .no { font-variant-numeric: tabular-nums; font-weight: 600; }
.ll-clip { overflow: hidden; text-overflow: ellipsis; }
"""

LEVELS = {1: "Ⅰ", 2: "Ⅱ", 3: "Ⅲ", 4: "Ⅳ"}
PURPOSES = {
    "intake": "报送",
    "expert": "专家",
    "hospital": "医院",
    "pharmacist": "药师",
    "chc": "社区",
    "admin": "管理",
}
ROLES = {
    "guest": "访客",
    "contact": "联络员",
    "volunteer": "志愿者",
    "hospital": "医院",
    "expert": "专家",
    "coordinator": "协调员",
    "leader": "负责人",
}
STATUS = {
    "open": "待联系",
    "proposed": "已提议",
    "accepted": "已接收",
    "in_transit": "在路上",
    "arrived": "已到院",
    "closed": "已办结",
    "cancelled": "已撤销",
    "merged": "已合并",
}
