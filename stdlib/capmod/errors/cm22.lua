--- CM22xx: games and bargains.

return {
  [2201] = {
    title = "the members are worth more alone than together",
    text = [[
The nucleolus shares the worth of all so that nobody gets less than alone. Where the
worths of the members alone add up to more than the worth of all, there is no such
division. The prenucleolus drops that condition.]],
    example = [[
require("capmod.core").game(2, { 3, 4, 5 }):nucleolus()]],
  },
  [2202] = {
    title = "nothing on the table leaves everyone better off",
    text = [[
A bargain is struck where each side gains over what it has without agreement. Here no
setting of the instruments within their limits does that for all of them at once.]],
    example = [[
require("capmod.core").nash(5, { 3, 4 }, { 1, 1 })]],
  },
  [2210] = {
    title = "members or worths that make no game",
    text = [[
Every member has a name of its own without a plus sign, and every coalition of them
its worth, once, a finite number: { A = 0, B = 0, ["A + B"] = 5 }, in any order of
the names, or by a function of the list of members. Or the worths come from a chain.]],
    example = [[
local cm = require "capmod"
cm.cooperation{ members = { "A", "B" }, worth = { A = 0, B = 0 } }]],
  },
  [2211] = {
    title = "no price, so nothing to share",
    text = [[
What a coalition gains over a chain is what the price leaves over the cost of doing
every stage. The chain has a price, or the deal is given one.]],
    example = [[
local cm = require "capmod"
cm.cooperation{ members = { "KEN" }, chain = cm.chain{ name = "dam", stages = {
  { "works", at = "KEN", adds = 10 } } } }]],
  },
  [2212] = {
    title = "unknown rule of sharing",
    text = [[
The rules are shapley, nucleolus, prenucleolus, nash, banzhaf, proportional, equal,
and those that cm.define.rule adds.]],
    example = [[
local cm = require "capmod"
cm.cooperation{ members = { "A" }, worth = { A = 1 } }:divide{ rule = "shaply" }]],
  },
  [2213] = {
    title = "a rule that leaves a member out",
    text = [[
A rule that an author defines gives a number for each member, by name or in the order
of game.members.]],
    example = [[
local cm = require "capmod"
cm.define.rule{ name = "nothing", about = "leaves all out", replace = true,
  divide = function() return {} end }
cm.cooperation{ members = { "A" }, worth = { A = 1 } }:divide{ rule = "nothing" }]],
  },
}
