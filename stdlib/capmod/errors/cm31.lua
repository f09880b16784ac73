--- CM31xx: definitions.

return {
  [3101] = {
    title = "no such kind of definition",
    text = [[
cm.define.<kind>{} knows a few kinds: model, mode, rule, indicator, method,
reader, writer, group, classification, chart.]],
    example = [[
local cm = require "capmod"
cm.define.modle{ name = "a", about = "b" }]],
  },
  [3102] = {
    title = "a definition is not complete",
    text = [[
Every definition has a name and says what it is about; each kind needs what it is
made of besides, which the fix shows as a form to fill in.]],
    example = [[
local cm = require "capmod"
cm.define.rule{ name = "host first", about = "the host gets half" }]],
  },
  [3103] = {
    title = "a name is defined twice",
    text = [[
Two definitions of one kind bear the same name, and results would depend on which
was loaded last. Where the new one shall take the place, say replace = true.]],
    example = [[
local cm = require "capmod"
local rule = { name = "to one twice", about = "a", divide = function() end }
cm.define.rule(rule)
cm.define.rule(rule)]],
  },
  [3104] = {
    title = "nothing is defined under this name",
    text = [[
A rule, model or other extension was asked for by a name that no loaded file has
defined. cm.define.registry "rule" lists what there is.]],
    example = [[
local cm = require "capmod"
cm.define.get("rule", "hots first")]],
  },
  [3105] = {
    title = "a definition does not change",
    text = [[
A field of a definition was assigned to. Results refer to definitions by name, so
they stay what they were; define it again with replace = true.]],
    example = [[
local cm = require "capmod"
local rule = cm.define.rule{ name = "steady", about = "a", divide = function() end }
rule.about = "b"]],
  },
}
