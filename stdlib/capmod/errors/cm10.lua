--- CM10xx: fields and arguments. The form of every file of this kind: an entry
--- says what happened (`title`), why and what to do (`text`), and has a script
--- that provokes it (`example`), or says in `provoked` why no script can.

return {
  [1001] = {
    title = "unknown field",
    text = [[
A table of named fields has one that capmod does not know here. A field that is
ignored in silence would change the answer, so it is refused. Fields are listed
in the reference, and by ?name in the REPL.]],
    example = [[
local cm = require "capmod"
cm.frame{ title = "a", colums = {} }]],
  },
  [1002] = {
    title = "a field is missing",
    text = [[
A field that has no default was left out.]],
    example = [[
local cm = require "capmod"
cm.frame{ title = "no columns" }]],
  },
  [1003] = {
    title = "a value of the wrong kind",
    text = [[
A field or argument holds something else than what is needed there: a number in
quotes, say, or a single value where a list belongs.]],
    example = [[
local cm = require "capmod"
cm.frame{ title = 7, columns = {} }]],
  },
  [1004] = {
    title = "not among the values allowed",
    text = [[
The field takes one of a few values, which the message lists.]],
    example = [[
require("capmod.args").choice("cheese", "by", { "country", "owner" }, "decompose")]],
  },
  [1005] = {
    title = "unknown name in capmod",
    text = [[
The table that require "capmod" gives has no such entry.]],
    example = [[
local cm = require "capmod"
cm.chian{}]],
  },
}
