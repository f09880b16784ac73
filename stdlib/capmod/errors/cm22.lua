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
the names, or by a function of the list of members. Where it is not known exactly, it
is an interval { 4, 6 }. Or the worths come from a chain. Wherever members are named
(outside, weights, gains), they are those of the deal.]],
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
  [2214] = {
    title = "a baseline that there is not",
    text = [[
A saving, and a surplus that is counted from a baseline, compare the members' way with
what there is without the deal: "export" (one country does all stages at home and
ships), "today" (the first place and operator of each stage), or a chain. Here nothing
of that kind can be done, or a saving was asked for without a baseline.]],
    example = [[
local cm = require "capmod"
cm.cooperation{ members = { "CHN", "KEN" }, worth = "saving", chain = cm.chain{ name = "dam",
  stages = { { "site", at = "KEN", adds = 10 },
    { "turbine", at = "CHN", adds = 20, uses = "site" } } } }]],
  },
  [2215] = {
    title = "payoffs and weights that do not fit",
    text = [[
What is not money counts by a weight that you state: how much one job, or one unit of
revenue, is worth in the unit of the deal. Every kind of payoff has a weight (0 shows it
without counting it), and every weight a kind. Over a chain a kind is a table of stages,
each with a number or with one for each place.]],
    example = [[
local cm = require "capmod"
cm.cooperation{ members = { "A", "B" }, weights = { jobs = 0.1 },
  worth = { A = 0, B = 0, ["A + B"] = { money = 5, revenue = 3 } } }]],
  },
  [2216] = {
    title = "stopped before anything was known",
    text = [[
The worth of a coalition is an interval between what a plan gives and what the bound
leaves open. The solver was stopped by `time` or `nodes` before it had either.]],
    example = [[
local cm = require "capmod"
local at = { "CHN", "VNM" }
cm.cooperation{ members = at, price = 80, time = 1e-9, trade = { freight = 0.1 },
  chain = cm.chain{ name = "kit", market = "USA", stages = {
    { "part", at = at, adds = 10 }, { "cover", at = at, adds = 10, uses = "part" },
    { "core", at = at, adds = 10, uses = "part" },
    { "kit", at = at, adds = 10, uses = { "cover", "core" } } } } }]],
  },
  [2217] = {
    title = "too many members to list every coalition",
    text = [[
n members form 2^n - 1 coalitions. Up to 20 members their worths are all listed; of
more, or with listed = false, worths are asked for as they are needed: the values of
Shapley and of Banzhaf are drawn, least core, its ranges and the nucleolus are found
coalition by coalition, and a rule of your own may ask for 1,048,576 worths. The table of
all coalitions needs all of them, and so does a deal that is given by a table. Options
outside a deal of so many are of ten members at most.]],
    example = [[
local cm = require "capmod"
cm.cooperation{ members = { "A", "B", "C" }, listed = false,
  worth = function(who) return (#who) ^ 2 end }:coalitions()]],
  },
  [2218] = {
    title = "instruments that settle nothing",
    text = [[
An instrument says what a setting of 1 moves: `of` so much money `from` one member `to`
another, or what it `pays` to each; and between which settings, `min` and `max`, it may
lie. `base` says who has what before anything is agreed, `limits` bound several
instruments at once. All are finite numbers, in the unit of the deal.]],
    example = [[
local cm = require "capmod"
cm.cooperation{ members = { "A", "B" }, worth = { A = 0, B = 0, ["A + B"] = 5 } }:bargain{
  base = "A", instruments = { equity = { from = "A", max = 0.49 } } }]],
  },
}
