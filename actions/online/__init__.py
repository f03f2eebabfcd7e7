"""Online fever clinic: consultation, prescription, payment, delivery; call-backs of those at risk (facts §3.4)."""
