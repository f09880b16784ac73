--- CM20xx: chains, how they are written and joined. See cm10.lua for the form.

return {
  [2001] = {
    title = "a name is there twice",
    text = [[
Two stages have one name, or `uses` names a stage twice. Stages are known by
their names; a quantity is written { tyre = 4 }.]],
    example = [[
local cm = require "capmod"
cm.chain{ name = "car", stages = {
  { "assembly", at = "KOR", adds = 30 }, { "assembly", at = "USA", adds = 37 } } }]],
  },
  [2002] = {
    title = "unknown stage",
    text = [[
`uses`, `colocate` or `:with` names a stage that the chain does not have. To add
a stage by `:with`, give it as a list item that begins with its name.]],
    example = [[
local cm = require "capmod"
cm.chain{ name = "car", stages = {
  { "assembly", at = "KOR", adds = 30 },
  { "sales", at = "USA", adds = 37, uses = "asembly" } } }]],
  },
  [2003] = {
    title = "stages use each other in a circle",
    text = [[
A chain is counted from the product back to its first stages, so no stage may
need itself on the way. The circle is named in the message. Where an industry
does use its own product, an input-output table is the right noun.]],
    example = [[
local cm = require "capmod"
cm.chain{ name = "hen and egg", stages = {
  { "hen", at = "USA", adds = 1, uses = "egg" },
  { "egg", at = "USA", adds = 1, uses = "hen" } } }]],
  },
  [2004] = {
    title = "places of a stage that do not fit",
    text = [[
Shares of places must sum to 1 (within 1e-9), and each place is named once, under
whichever of its names. A list without numbers is a list of candidates.]],
    example = [[
local cm = require "capmod"
cm.chain{ name = "car", stages = { { "parts", at = { SGP = 0.5, TWN = 0.4 }, adds = 4 } } }]],
  },
  [2005] = {
    title = "not a quantity",
    text = [[
Quantities in `uses` and `buys`, shares and capacities are finite numbers that
are not negative; prices and value added are finite numbers.]],
    example = [[
local cm = require "capmod"
cm.chain{ name = "car", stages = {
  { "tyre", at = "THA", adds = 50 },
  { "assembly", at = "KOR", adds = 30, uses = { tyre = -4 } } } }]],
  },
  [2006] = {
    title = "a stage is not settled",
    text = [[
A stage whose `at` or `by` is a list of candidates is open: what it adds, and
where, is known once one of them is chosen. Settle it by `:with`, or say in which
shares: at = { CHN = 0.7, ETH = 0.3 }.]],
    example = [[
local cm = require "capmod"
local shoes = cm.chain{ name = "shoes", stages = {
  { "finishing", at = { "CHN", "ETH" }, adds = 7 } } }
shoes:decompose()]],
  },
  [2007] = {
    title = "keys of adds that mean nothing",
    text = [[
`adds` is a number, or a table of components (wages, profit, tax, depreciation),
or a table keyed by the places of whichever of `at` and `by` is a list, or else
a function of both.]],
    example = [[
local cm = require "capmod"
cm.chain{ name = "shoes", stages = { { "finishing", at = "ETH", adds = { wage = 5 } } } }]],
  },
  [2008] = {
    title = "no figure for a place",
    text = [[
`adds` is keyed by place, and a place where the stage may be has no figure.]],
    example = [[
local cm = require "capmod"
cm.chain{ name = "shoes", stages = {
  { "finishing", at = { "CHN", "ETH" }, adds = { CHN = 7 } } } }]],
  },
  [2009] = {
    title = "stages that may not be parted are",
    text = [[
`colocate` says that stages have to be in one place, and two of them are settled
in different places.]],
    example = [[
local cm = require "capmod"
cm.chain{ name = "bus", colocate = { "body", "assembly" }, stages = {
  { "body", at = "CHN", adds = 70 }, { "assembly", at = "BRA", adds = 33, uses = "body" } } }]],
  },
  [2010] = {
    title = "a chain does not change",
    text = [[
What was computed from a chain would no longer be true of it. `:with` gives a
changed copy and leaves the first as it is.]],
    example = [[
local cm = require "capmod"
cm.data.us_car.price = 90]],
  },
  [2011] = {
    title = "not a sector of a country",
    text = [[
What a stage buys in is named as an input-output table labels it, COUNTRY.SECTOR,
so that `through` can trace it.]],
    example = [[
local cm = require "capmod"
cm.chain{ name = "car", stages = {
  { "assembly", at = "KOR", adds = 30, buys = { steel = 2 } } } }]],
  },
  [2012] = {
    title = "stages are settled against a near-by rule",
    text = [[
`nearby` says which places of two stages go together, and two stages are settled in
places that do not. Settle one of them elsewhere, leave it open, or take the rule away:
chain:with{ nearby = false }.]],
    example = [[
local cm = require "capmod"
cm.chain{ name = "bus", nearby = { "seats", "assembly", within = "region" }, stages = {
  { "seats", at = "CHN", adds = 7 }, { "assembly", at = "BRA", adds = 33, uses = "seats" } } }]],
  },
  [2013] = {
    title = "a near-by rule that cannot be read",
    text = [[
A near-by rule names two stages or more and one of: `within` (places that are near each
other) or `apart` (places that are not), by "region" or "subregion" of the United Nations'
M49, by kilometres between seats of government, by a group such as "ASEAN", or by regions of
your own; or, for two stages, `pairs` of places that may be, or that `forbid` names. Stages at
one place are those of `colocate`.]],
    example = [[
local cm = require "capmod"
cm.chain{ name = "bus", nearby = { "seats", "assembly" }, stages = {
  { "seats", at = { "CHN", "BRA" }, adds = 7 },
  { "assembly", at = { "CHN", "BRA" }, adds = 33, uses = "seats" } } }]],
  },
  [2020] = {
    title = "not a time",
    text = [[
A schedule takes the days of each stage, and of each way from one stage to the
next, as numbers from 0 on.]],
    example = [[
local cm = require "capmod"
cm.data.us_car:schedule{ lead_time = { assembly = -5 } }]],
  },
  [2021] = {
    title = "not a weight",
    text = [[
A cut set looks for the stages that cost least to lose. What each costs is a number
from 0 on; a stage that may not be lost is named by `keep`. With weight = "value"
a stage that adds less than nothing has no such weight.]],
    example = [[
local cm = require "capmod"
cm.data.us_car:cut_set{ weight = { assembly = -1 } }]],
  },
  [2030] = {
    title = "Graphviz is not here",
    text = [[
Pictures of a chain (.svg, .png) are laid out by the program dot of Graphviz, which
was not found on the PATH, or not where `dot` says. Debian has it as the package
graphviz. Files in its language (.dot) and in Mermaid's (.mmd) need no program.]],
    example = [[
local cm = require "capmod"
cm.data.us_car:draw{ "car.svg", dot = "/no/such/folder/dot" }]],
  },
  [2031] = {
    title = "Graphviz could not lay a chain out",
    text = [[
The program dot was found, but made no picture; the message is its own. The drawing
itself can be looked at as a .dot file.]],
    example = [[
local cm = require "capmod"
cm.data.us_car:draw{ "car.svg", dot = "false" } -- a program that only fails]],
  },
  [2032] = {
    title = "a chain is too large for a picture",
    text = [[
Pictures are laid out level by level, which takes minutes and shows nothing where
there are thousands of links. Look at a part of the chain, or draw a .dot file and
lay it out by a program that is made for large graphs, such as sfdp of Graphviz.]],
    example = [[
local cm = require "capmod"
local stages, uses = {}, {}
for i = 1, 4001 do
  stages[i], uses["part " .. i] = { "part " .. i, at = "CHN", adds = 1 }, 1
end
stages[4002] = { "machine", at = "DEU", adds = 100, uses = uses }
cm.chain{ name = "machine", stages = stages }:draw(os.tmpname() .. ".svg")]],
  },
  [2040] = {
    title = "a stage in shares of places has no one place to share with another",
    text = [[
Stages that may not be parted stand at one place. A stage in shares stands at several:
another can stand beside it at each of them only if it is in the same shares, and then
what is made at a place goes into what is made there. Put both in the same shares, or
take one of them out of `colocate`.]],
    example = [[
local cm = require "capmod"
cm.chain{ name = "bus", market = "BRA", colocate = { "body", "assembly" }, stages = {
  { "body", at = { CHN = 0.5, BRA = 0.5 }, adds = 70 },
  { "assembly", at = { "CHN", "BRA" }, adds = 30, uses = "body" } } }:locate()]],
  },
  [2041] = {
    title = "a rate of trade that is none",
    text = [[
Freight and duties are shares of the value that is shipped, from 0 on: 0.05 for five
per cent. Freight may be one number, or one for each pair of places; infinite freight
(math.huge) says that nothing is shipped. Which places of two stages go together says a
near-by rule: `nearby` of the chain.]],
    example = [[
local cm = require "capmod"
local bus = cm.chain{ name = "bus", market = "BRA", stages = {
  { "body", at = { "CHN", "BRA" }, adds = { CHN = 70, BRA = 88 } } } }
bus:locate{ trade = { freight = -1 } }]],
  },
  [2042] = {
    title = "no such measure of a plan",
    text = [[
What is minimised, maximised or bounded is "cost", the landed cost of one unit; "value",
"income", "revenue" or "jobs" with a place, "value.ETH"; or "budget", what is paid once. A
cost is bounded from above, "content.ETH", a share of the cost, from below.]],
    example = [[
local cm = require "capmod"
local bus = cm.chain{ name = "bus", market = "BRA", stages = {
  { "body", at = { "CHN", "BRA" }, adds = { CHN = 70, BRA = 88 } } } }
bus:locate{ maximise = "jobs" }]],
  },
  [2043] = {
    title = "there is no plan to ask",
    text = [[
No plan meets the rules, or none was found within the limits. `plan.status` says
which, and print(plan) names rules that cannot hold together. A deal has a plan where it
is over a chain, of each coalition that can do every stage.]],
    example = [[
local cm = require "capmod"
local bus = cm.chain{ name = "bus", market = "BRA", stages = {
  { "body", at = { "CHN", "BRA" }, adds = { CHN = 70, BRA = 88 } } } }
bus:locate{ subject = { cost = { max = 1 } } }:why "body"]],
  },
  [2044] = {
    title = "a plan does not change",
    text = [[
A plan is an answer. Change the chain, by :with, or the question, and place it anew.]],
    example = [[
local cm = require "capmod"
local bus = cm.chain{ name = "bus", market = "BRA", stages = {
  { "body", at = { "CHN", "BRA" }, adds = { CHN = 70, BRA = 88 } } } }
local plan = bus:locate()
plan.cost = 1]],
  },
  [2045] = {
    title = "a trade-off has no plan to begin with",
    text = [[
chain:frontier goes from the plan that is best in the first measure to the one that is
best in the second. Here the rules leave none, or none was found within the limits.]],
    example = [[
local cm = require "capmod"
local bus = cm.chain{ name = "bus", market = "BRA", stages = {
  { "body", at = { "CHN", "BRA" }, adds = { CHN = 70, BRA = 88 } } } }
bus:frontier{ "cost", "value.BRA", subject = { cost = { max = 1 } } }]],
  },
  [2046] = {
    title = "a range that cannot be",
    text = [[
plan:range varies a figure from one value to a greater one, by default from half to twice
what it is. Where it is 0, or not written in the chain, the range has to be stated.]],
    example = [[
local cm = require "capmod"
local loom = cm.chain{ name = "loom", stages = { { "loom", at = "ETH", labour = 3 } },
  places = { ETH = { wage = 1 } } }
loom:locate():range("wage.ETH", { from = 2, to = 1 })]],
  },
  [2047] = {
    title = "what proves a plan was not kept",
    text = [[
A certificate holds the tree of branch and bound, if there is one, with its multipliers, kept only
when `certificate = true` asks for it. They take at most half of the memory that is left;
where that does not do they are dropped, the plan is as it would be, and this is the answer to
plan:save "x.certificate".]],
    example = [[
local cm = require "capmod"
local plan = cm.chain{ name = "pump", stages = {
  { "motor", at = { "CHN", "ETH" }, adds = { CHN = 6, ETH = 8 } },
  { "pump", at = { "CHN", "ETH" }, adds = { CHN = 3, ETH = 2 }, uses = "motor" } } }
  :locate{ subject = { ["value.ETH"] = { min = 2 } } }
plan:save "pump.certificate"]],
  },
  [2048] = {
    title = "a method that does not fit what couples the stages",
    text = [[
chain:locate chooses how it solves; `method` says it instead. "dynamic" needs a chain in which
each stage has one user and nothing is paid once, "junction" one without what is paid once and
without rules that is narrow enough for the memory, "program" costs that add up, so no duty or
freight on value that is made elsewhere, and so does `exchange`. "branch" fits every chain.]],
    example = [[
local cm = require "capmod"
local bus = cm.chain{ name = "bus", market = "BRA", stages = {
  { "body", at = { "CHN", "BRA" }, adds = { CHN = 70, BRA = 88 } } } }
bus:locate{ method = "dynamic", subject = { ["value.BRA"] = { min = 80 } } }]],
  },
  [2049] = {
    title = "a quantity that depends on prices",
    text = [[
Where the inputs of a stage replace one another (combine = cm.ces{}), how much of each goes into
a unit is known only when all prices are: of a plan. The least cost is found exactly all the
same. What counts quantities before there is a plan is refused: rules and objectives on value,
jobs or content of such stages, capacity, scale and learning of their classes, rules of origin,
gains shared in cooperation, and the program that plan:save writes. A plan answers afterwards:
plan:decompose and plan:measure; plan.chain is the chain with the quantities of the plan.]],
    example = [[
local cm = require "capmod"
local shirt = cm.chain{ name = "shirt", market = "DEU", stages = {
  { "cloth", at = { "CHN", "ETH" }, adds = { CHN = 4, ETH = 5 } },
  { "sewing", at = { "CHN", "ETH" }, adds = { CHN = 6, ETH = 2 }, uses = "cloth",
    combine = cm.ces{ elasticity = 0.5, shares = { cloth = 0.5 } } } } }
shirt:locate{ subject = { ["value.ETH"] = { min = 4 } } }]],
  },
  [2060] = {
    title = "a figure of a chain that cannot be",
    text = [[
Wages, costs and shares that a chain states of places, operators, scale and learning
are finite numbers within bounds: no wage below 0, no efficiency above 1 away from
home. What a volume costs is concave: no unit costs more than the ones before it.]],
    example = [[
local cm = require "capmod"
cm.chain{ name = "loom", stages = { { "loom", at = "ETH", labour = 3 } },
  places = { ETH = { wage = -1 } } }]],
  },
  [2061] = {
    title = "a wage is missing",
    text = [[
A stage states its labour, and a place where it may be has no wage for that skill. A
place may also have one wage for all skills: wage = 4.]],
    example = [[
local cm = require "capmod"
cm.chain{ name = "loom", stages = { { "loom", at = "ETH", labour = { skilled = 3 } } },
  places = { ETH = { wage = { unskilled = 1 } } } }]],
  },
  [2062] = {
    title = "a tier is missing",
    text = [[
A stage that needs a technology tier can be judged only where the tier of whoever may
operate it is stated: of the place that the operator comes from, or of the operator.]],
    example = [[
local cm = require "capmod"
cm.chain{ name = "turbine", stages = {
  { "turbine", at = "ETH", by = "CHN", adds = 3, tier = 3 } } }]],
  },
  [2063] = {
    title = "a class that no stage has",
    text = [[
Set-up, capacity, scale, learning and experience are stated by the class of stages, or
by the name of a stage that states none, and so are the duties of places by stage or
duty_class. Classes of other chains may be there; one that is nearly the name of a class
of this chain is taken for a slip.]],
    example = [[
local cm = require "capmod"
cm.chain{ name = "wagon", stages = { { "body", at = "ETH", adds = 3, class = "bodies" } },
  places = { ETH = { setup = { bodes = 40 } } } }]],
  },
  [2064] = {
    title = "an operator falls short of a tier",
    text = [[
The stage is settled with an operator whose technology tier is below what it needs. With
`tier_step` a tier short is a cost, and not barred.]],
    example = [[
local cm = require "capmod"
cm.chain{ name = "turbine", stages = { { "turbine", at = "ETH", adds = 3, tier = 3 } },
  places = { ETH = { tier = 1 } } }]],
  },
  [2065] = {
    title = "a chain has no such figure",
    text = [[
`:with` changes a figure by its dotted name, such as wage.CHN.skilled, which
chain:figures() lists. A figure that has a default, such as subsidy.CHN, can be set also
where none is written, for a place that the chain states.]],
    example = [[
local cm = require "capmod"
local loom = cm.chain{ name = "loom", stages = { { "loom", at = "ETH", labour = 3 } },
  places = { ETH = { wage = 1 } } }
loom:with{ ["wages.ETH"] = 2 }]],
  },
  [2066] = {
    title = "unknown mode",
    text = [[
Modes are export, finish, fdi, joint, third_market, transfer, and those that
cm.define.mode has made.]],
    example = [[
local cm = require "capmod"
cm.data.us_car:as("jonit", { home = "KOR", host = "USA" })]],
  },
  [2067] = {
    title = "a mode does not know who and where",
    text = [[
All modes need a home (of the chain, or in the call), all but export a host, and work in
a third market a partner; they are different countries.]],
    example = [[
local cm = require "capmod"
cm.data.us_car:as("fdi", { home = "KOR" })]],
  },
  [2068] = {
    title = "a mode gives no way to do a stage",
    text = [[
The function `apply` of a mode gets a stage ({ name, class, tier, kept, final, at, by }) and
what the mode was told, and gives { at = "ETH", by = "CHN" } with terms, or a list of such.]],
    example = [[
local cm = require "capmod"
cm.define.mode{ name = "nowhere", about = "no place", apply = function() return nil end }
cm.data.us_car:as("nowhere", { home = "KOR" })]],
  },
  [2069] = {
    title = "a stage has none of the chain's modes",
    text = [[
A stage may say which modes of the chain it can take. At least one of them has to be
among the chain's; a stage that no mode may move says movable = false.]],
    example = [[
local cm = require "capmod"
cm.chain{ name = "loom", modes = { home = "CHN", "export" }, stages = {
  { "loom", adds = 5, modes = { "fdi" } } } }]],
  },
  [2070] = {
    title = "a recipe that cannot be read",
    text = [[
The recipes of a stage are a table by name. Each says what differs in the stage, and may
have `stages` of its own, which have neither recipes nor a demand.]],
    example = [[
local cm = require "capmod"
cm.chain{ name = "car", stages = { { "body", at = "BRA", recipes = {
  parts = { adds = 9, stages = { { at = "IND", adds = 8 } } } } } } }]],
  },
  [2071] = {
    title = "a recipe does not keep to itself",
    text = [[
The stages of a recipe are made where the recipe is taken, so they use, and are used by,
one another and the stage whose recipe it is. What the stage needs in all recipes stands
in its own `uses`.]],
    example = [[
local cm = require "capmod"
cm.chain{ name = "car", stages = {
  { "body", at = "BRA", recipes = { whole = { adds = 30 },
    parts = { adds = 9, stages = { { "frame", adds = 8 } } } } },
  { "test", at = "BRA", adds = 1, uses = { "frame", "body" } } } }]],
  },
  [2072] = {
    title = "inputs that cannot be combined so",
    text = [[
`combine` of a stage is "sum", cm.ces{ elasticity =, shares = } or cm.cobb_douglas{ shares = }.
Each input in `uses` has a share over 0, and what is left to 1 is that of the stage's own work,
which then costs something; where nothing is left it costs nothing. The elasticity is 0 to 20.
A stage that combines, and what goes into it, is not in shares of places, costs something, and
is in every recipe.]],
    example = [[
local cm = require "capmod"
cm.chain{ name = "shirt", stages = {
  { "cloth", at = "CHN", adds = 4 },
  { "sewing", at = "ETH", adds = 2, uses = "cloth",
    combine = cm.ces{ elasticity = 0.5, shares = { clothe = 0.5 } } } } }]],
  },
}
