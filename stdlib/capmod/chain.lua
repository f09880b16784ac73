--- A product as stages: where each is done, by whom, what it adds, what it uses.
---
---     local car = cm.chain{ name = "US car", price = 100, stages = {
---       { "assembly",    at = "KOR", adds = 63 },
---       { "US business", at = "USA", adds = 37, uses = "assembly" } } }
---     print(car:decompose{ by = "country" })
---
--- All figures are for one unit of the product, in the chain's `unit`. Chains do
--- not change: `:with` gives a changed copy. What may be said of each stage, place, operator and
--- of trade: ?stage ?place ?operator ?trade.

local args = require "capmod.args"
local each = require "capmod.each"
local errors = require "capmod.errors"
local frame = require "capmod.frame"
local graph = require "capmod.chain.graph"
local combine = require "capmod.chain.combine"
local cost = require "capmod.chain.cost"
local insides = require "capmod.chain.inside"
local modes = require "capmod.chain.modes"
local names = require "capmod.chain.names"
local nearby = require "capmod.chain.nearby"
local recipes = require "capmod.chain.recipes"
local stage = require "capmod.chain.stage"
local terms = require "capmod.chain.terms"
local trade = require "capmod.chain.trade"
local value = require "capmod.chain.value"

---@class cm.Chain
---@field name string
---@field unit? string
---@field price? number
---@field market? string   where the product is sold
---@field rest? string     who gets what the stages leave of the price
---@field source? string
---@field licence? string
local methods = {}

local Chain = { __name = "cm.Chain" }

--- What a chain is, by the object that authors hold; and what it was made from.
local inside, made_from = insides.all, setmetatable({}, { __mode = "k" })

local fields = {
  name = { "string", required = true, about = "what is made" },
  stages = { "list", required = true, about = "{ { \"assembly\", at =, adds = }, ... }" },
  unit = { "string", about = "of all figures: \"USD per pair\"" },
  price = { "number", about = "what the stages must add up to" },
  market = { "string", about = "where the product is sold" },
  rest = { "string", about = "the place that gets what the stages leave of the price" },
  colocate = { "list", about = "stages that may not be parted: { \"body\", \"assembly\" }" },
  nearby = { "table",
    about = "which places of stages go together: { \"seats\", \"assembly\", within = 500 }" },
  places = { "table", about = "{ CHN = { wage = { skilled = 9 }, productivity = 1, tier = 3 } }" },
  operators = { "table", about = "{ CHN = { tier = 4, abroad = 0.9 } }" },
  trade = { "table", about = "{ freight = 0.05, tariff = { BRA = { assembly = 0.35 } } }" },
  scale = { "table", about = "{ modules = { { 100, 9 }, { 1000, 6 } } }: volume, unit cost" },
  learning = { "table", about = "{ modules = 0.15 }: what a doubling saves of labour" },
  volume = { "number", about = "units made, which entry and set-up are spread over; 1" },
  tier_step = { "number", about = "what each tier short adds to a stage's own cost; none: barred" },
  home = { "string", about = "where the firm is that makes it, and stages that name no place" },
  modes = { "table", about = "{ home =, host =, \"export\", { \"joint\", equity = 0.6 } }" },
  about = { "string" },
  source = { "string", about = "where the figures are from" },
  licence = { "string" },
  note = { "string", "list", about = "lines that stand over every result: \"illustrative\"" },
}

local copy = insides.copy

--- Whether an entry among the stages begins with a name; CM1002 where it does not.
local function is_stage(entry, i, found)
  if type(entry) == "table" and type(entry[1]) == "string" then return true end
  found:add(1002, {
    message = ("stage %d has no name"):format(i), object = ("stage %d"):format(i),
    fix = "a stage begins with its name: { \"assembly\", at = \"KOR\", adds = 30 }",
  })
end

local function read_stages(given, hints, found, free)
  local list = {}
  for i, entry in ipairs(given) do
    if is_stage(entry, i, found) then
      list[#list + 1] = stage.read(entry, hints[entry[1]], found, free)
    end
  end
  return list
end

local GROUP = { why = { "string", about = "the reason: \"too big to ship apart\"" } }

--- What a group of colocate says beside its stages is its reason; a list of groups has none.
local function check_group(group, object, found, is_list)
  local named = {}
  for key, field in each(group) do
    if type(key) ~= "number" then named[key] = field end
  end
  if not is_list then return args.check(object .. ": colocate", named, GROUP, found) end
  for key in each(named) do
    found:add(1001, { message = ("%s: colocate has '%s' beside its groups"):format(object,
      tostring(key)), object = object, field = "colocate",
      fix = "in each group: colocate = { { \"body\", \"assembly\", why = \"too big to ship\" } }" })
  end
end

--- Groups of stages that may not be parted: one list of names, or a list of them.
local function read_colocate(given, list, found, object, absent)
  if type(given) ~= "table" then return nil end
  local groups, nested = {}, type(given[1]) == "table"
  if nested then check_group(given, object, found, true) end
  for _, group in ipairs(nested and given or { given }) do
    local first, kept
    check_group(args.one(group, object, "colocate", "list"), object, found)
    kept = { why = group.why }
    for _, name in ipairs(group) do
      local s = not absent[name] and graph.find(list, name, found, object, "colocate")
      if not absent[name] then kept[#kept + 1] = name end
      local settled = s and s.at and #s.at == 1 and s
      if settled and first and settled.at[1] ~= first.at[1] then
        found:add(2009, {
          message = ("%s: '%s' is at %s and '%s' at %s, but they may not be parted"):format(
            object, first.name, first.at[1], s.name, settled.at[1]),
          object = object, field = "colocate",
          fix = "settle both at one place, or take one out of colocate",
        })
      end
      first = first or settled
    end
    if #kept > 0 then groups[#groups + 1] = kept end
  end
  return groups
end

--- What the stages add and buy in for one unit of the product, or nil where an
--- open stage leaves it unknown.
local function total_of(list)
  local total = 0
  for _, s in ipairs(list) do
    local adds, buys = value.of_stage(s)
    if not adds then return nil end
    total = total + s.per_unit * (adds + buys)
  end
  return total
end

local function add_up(chain, found)
  chain.remainder = 0
  for _, s in ipairs(chain.list) do
    if s.costed or s.combine then return end -- what the price leaves is known of a plan
  end
  local total, price = total_of(chain.list), chain.price
  if not total or not price then return end
  local gap, text = price - total, stage.figure_text
  if math.abs(gap) <= 1e-9 * math.max(math.abs(price), math.abs(total)) then return end
  if chain.rest and gap > 0 then
    chain.remainder = gap
  elseif gap > 0 then
    found:add(2101, {
      message = ("'%s': the stages add %s but the price is %s; %s is not allocated"):format(
        chain.name, text(total), text(price), text(gap)),
      object = chain.name, field = "price", value = gap,
      fix = "add the missing stage, or say who gets the remainder: rest = \"ROW\"",
    })
  else
    found:add(2102, {
      message = ("'%s': the stages add %s but the price is %s; %s too much"):format(chain.name,
        text(total), text(price), text(-gap)),
      object = chain.name, field = "price", value = gap,
      fix = "correct a stage or the price; quantities in uses multiply what a stage adds",
    })
  end
end

local function check_fields(given, found)
  local object = ("chain '%s'"):format(given.name ~= nil and tostring(given.name) or "?")
  args.check(object, given, fields, found)
  local price = type(given.price) == "number" and given.price
  if price and (price ~= price or math.abs(price) == math.huge) then
    found:add(2005, { message = ("%s: price is %s, not a finite number"):format(object,
      tostring(price)), object = object, field = "price",
      fix = "price: what the product is sold for, in the chain's unit; or leave it out" })
  end
  if type(given.stages) == "table" and #given.stages == 0 then
    found:add(1002, { message = object .. " has no stages", object = object, field = "stages",
      fix = "stages = { { \"assembly\", at = \"KOR\", adds = 30 } }" })
  end
  for i, line in ipairs(type(given.note) == "table" and given.note or {}) do
    args.check(object, { ["note " .. i] = line }, { ["note " .. i] = fields.about }, found)
  end
  if given.rest and not given.price then
    found:add(1002, {
      message = ("%s: rest needs a price, of which it is the remainder"):format(object),
      object = object, field = "price", fix = "price = 100, rest = \"ROW\"",
    })
  end
  return object
end

--- Builds the inside of a chain; everything wrong is raised at once.
local function read(given, hints)
  local found = errors.findings()
  local object = check_fields(given, found)
  if type(given.stages) ~= "table" then found:raise() end
  local chain = {
    name = given.name, unit = given.unit, price = given.price, about = given.about,
    source = given.source, licence = given.licence,
    note = type(given.note) == "string" and { given.note } or given.note,
  }
  chain.market = given.market and stage.place(given.market, found, object, "market")
  chain.rest = given.rest and stage.place(given.rest, found, object, "rest")
  local free = given.home or type(given.modes) == "table"
  local flat, tags
  flat, tags, chain.absent = recipes.expand(given.stages, found)
  chain.list = read_stages(flat, hints, found, free)
  if #chain.list == #flat then recipes.attach(chain.list, tags, hints, found, free) end
  chain.world = terms.read(given, chain.list, found, object)
  for _, s in ipairs(chain.list) do
    s.world = chain.world
    if not s.at and chain.world.home then s.at = { chain.world.home } end
  end
  if #chain.list == #flat and graph.count(chain.list, found, ("'%s'"):format(given.name))
  then
    if #found == 0 and given.modes then modes.attach(chain, given.modes, given.colocate, found) end
    recipes.finish(chain.list)
    combine.mark(chain.list, found)
    chain.colocate = read_colocate(given.colocate, chain.list, found, object, chain.absent)
    chain.nearby = nearby.read(given.nearby, chain.list, found, object, chain.absent)
    if #found == 0 then
      chain.trade = trade.read(given.trade, chain.list, found, chain.absent, chain.world.places)
      chain.note = insides.notes(chain, chain.trade.note)
    end
    if #found == 0 then
      for _, s in ipairs(chain.list) do
        for _, one in ipairs(s.variants or { s }) do cost.check(one, found) end
      end
    end
    if #found == 0 then add_up(chain, found) end
  end
  found:raise()
  return chain
end

local function hints_of(chain)
  local hints = {}
  for _, s in ipairs(chain.list) do
    hints[s.name] = s.adds.axis or s.variants and s.variants[1].adds.axis
  end
  return hints
end

local function make(given, hints)
  local object = setmetatable({}, Chain)
  inside[object], made_from[object] = read(given, hints), given
  return object
end

--- Overlays the fields of `changes` on `target`; `false` takes a field away.
local function overlay(target, changes)
  for key, change in each(changes) do
    if change == false then target[key] = nil else target[key] = copy(change) end
  end
  return target
end

local function change_stages(list, changes, hints, found, object)
  local at = {}
  for i, entry in ipairs(list) do at[entry[1]] = i end
  for key, change in each(changes) do
    if type(key) == "number" then
      if is_stage(change, key, found) then list[#list + 1] = copy(change) end
    elseif not at[key] and recipes.find(list, key) and type(change) == "table" then
      if change.adds ~= nil then hints[key] = nil end
      overlay(recipes.find(list, key), change)
    elseif not at[key] then
      local known = {}
      for i, entry in ipairs(list) do known[i] = entry[1] end
      found:add(2002, {
        message = ("%s has no stage '%s'"):format(object, tostring(key)), object = object,
        field = "stages",
        fix = errors.did_you_mean(key, known, "the stages are " .. table.concat(known, ", ")),
      })
    elseif change == false then
      list[at[key]] = false
    else
      args.one(change, object, key, "table")
      if change.adds ~= nil then hints[key] = nil end
      overlay(list[at[key]], change)
    end
  end
  local kept = {}
  for _, entry in ipairs(list) do
    if entry then kept[#kept + 1] = entry end
  end
  return kept
end

--- A changed copy. Fields of the chain are replaced; `stages` names those that
--- change, with what changes in them:
---
---     car:with{ name = "moved", stages = { assembly = { at = "USA" } } }
---
--- `false` takes a field or a stage away; a list item adds a stage:
--- `stages = { { "painting", at = "USA", adds = 2 }, assembly = { uses = "painting" } }`.
--- `stages = { body = { recipe = "modules" } }` settles how a stage is cut.
--- A figure is changed by its dotted name, which :figures() lists: { ["wage.CHN.skilled"] = 5 }.
--- CM2065 where there is no such figure.
---@param changes table
---@return cm.Chain
function methods:with(changes)
  args.object(inside[self] ~= nil, "chain")
  local object = ("chain '%s'"):format(self.name)
  args.one(changes, object .. ":with", "changes", "table")
  if changes.stages ~= nil then args.one(changes.stages, object .. ":with", "stages", "table") end
  local found, hints = errors.findings(), hints_of(inside[self])
  local given = copy(made_from[self])
  local stages = given.stages
  local fields_changed, figures = names.split(changes, fields)
  overlay(given, fields_changed)
  given.stages = change_stages(stages, changes.stages or {}, hints, found, object)
  names.set(given, figures, found, object)
  found:raise()
  local chain = make(given, hints)
  inside[chain].world.history = inside[self].world.history
  return chain
end

--- The figures of a chain with the dotted names by which :with and others change them.
---@return cm.Frame  columns: name, value
function methods:figures()
  args.object(inside[self] ~= nil, "chain")
  return frame{ title = ("figures of '%s'"):format(self.name), keys = { "name" }, bar = false,
    rows = names.list(made_from[self]), cols = { "name", { name = "value" } } }
end

local function dimensions(by, kind)
  local list, seen = {}, {}
  for i, dimension in ipairs(type(by) == "table" and by or { by or "country" }) do
    list[i] = args.choice(dimension, "by", value.kinds[kind], "decompose")
    if seen[dimension] then
      errors.raise(1004, { message = ("decompose: by names '%s' twice"):format(dimension),
        object = "decompose", field = "by",
        fix = "name each once: by = { \"country\", \"stage\" }" })
    end
    seen[dimension] = true
  end
  return #list > 0 and list or { "country" }
end

--- The value of one unit of the product, by country (where the work is done),
--- owner (who earns it), stage, sector, component, or a list of these.
---
--- Wages and tax stay with the place, profit and depreciation go to the operator
--- `by`; a plain number in `adds` counts as wages. What stages buy stands as
--- "(bought in)", or goes to its origins by v L of a table, `through = m`: purchases of a product
--- (`buys`) by that product's, materials as the column of the stage's place and sector buys.
---
--- `of = "jobs"` asks for the labour of all that is made, also by skill; `of = "revenue"` for
--- taxes and duties less subsidies of each state.
---@param question? { of?: string, by?: string|string[], through?: cm.Mrio }
---@return cm.Frame  columns: the dimensions, value (the chain's unit; or jobs, revenue), share
function methods:decompose(question)
  args.object(inside[self] ~= nil, "chain")
  question = args.check("decompose", question or {}, {
    of = { "string", about = "value, jobs or revenue" },
    by = { "string", "list", about = table.concat(value.kinds.value, ", ") },
    through = { "Mrio", about = "an input-output table" },
  })
  local kind = args.choice(question.of or "value", "of", { "value", "jobs", "revenue" },
    "decompose")
  return value.decompose(inside[self], dimensions(question.by, kind), question.through, kind)
end

--- Chooses a place and an operator for every stage that has candidates (`at` or `by` a list).
--- The cost of a unit is what the stages add and buy, and what trade takes on the way to the
--- `market`: freight, a share of the value that is shipped across a border, and the importer's
--- duty on value and freight; they compound along the chain. `colocate` groups stay at one place,
--- and `nearby` says which places of two stages go together.
--- Proven optimal, or with the gap. That there is no plan is a value: `plan.status` is
--- "infeasible", and the plan names rules that cannot hold together. A stage in shares of places
--- is one stage in each, with its share of the units. CM2040 a stage in shares that may not be
--- parted from one that is not, CM2041 a rate, CM2042 a measure.
--- CM2048 a `method` (dynamic, junction, branch, program) that does not fit.
---
---     bus:locate{ trade = { freight = 0.05, tariff = { BRA = { assembly = 0.35 } } } }
---     bus:locate{ maximise = "value.BRA", subject = { cost = { max = 215 } } }
---@param t? { minimise: string?, maximise: string?, subject: table?, trade: table?,
---  market: string?, time: number?, gap: number?, nodes: integer?, seed: integer?,
---  threads: integer?, method: string?, solver: string?, certificate: boolean? }
---@return cm.Plan
function methods:locate(t)
  args.object(inside[self] ~= nil, "chain")
  if t ~= nil then args.one(t, "locate", "fields", "table") end
  if t and t.modes then
    local question = overlay({}, t)
    question.modes = nil
    return self:with{ modes = t.modes }:locate(question)
  end
  return require "capmod.plan".make(inside[self], t or {}, function(stages, landing)
    local costed = false
    for _, s in ipairs(inside[self].list) do costed = costed or s.costed end
    return insides.settle(self, costed and self.price or false, stages, landing)
  end, self)
end

--- The chain in a mode of cooperation: export, finish, fdi, joint, third_market, transfer, or one
--- of cm.define.mode. Every stage gets the place, operator and terms of the mode; stages with
--- movable = false stay as they are. In a third market who does a stage is open: locate the chain.
--- CM2002 an unknown stage, CM2066 mode, CM2067 home, host or partner, CM2068 a mode's answer.
---
---     shoes:as("joint", { home = "CHN", host = "ETH", equity = 0.6, keep = { "design" } })
---@param mode string
---@param t? { home: string?, host: string?, partner: string?, keep: string[]?, name: string?,
---  equity: number|number[]|nil, abroad: number?, joint: number?, stages: string[]?, cost: number?,
---  royalty: number?, learned: number?, agreed: table?, setup: boolean?, learns: number? }
---@return cm.Chain
function methods:as(mode, t)
  args.object(inside[self] ~= nil, "chain")
  args.one(mode, "as", "mode", "string")
  if t ~= nil then args.one(t, "as", "fields", "table") end
  local changes = modes.changes(inside[self], mode, t or {})
  return self:with{ name = t and t.name or ("%s, %s"):format(self.name, mode), modes = false,
    stages = changes }
end

--- The ways in which stages may be done in the modes of a chain: where, by whom, who owns, the
--- royalty, and how much of a gap in productivity the host closes in a year.
---@return cm.Frame  columns: stage, mode, at, by, owners, royalty, learns
function methods:modes()
  args.object(inside[self] ~= nil, "chain")
  return frame{ title = ("modes of '%s'"):format(self.name), keys = { "stage", "mode", "at", "by" },
    rows = modes.rows(inside[self]), bar = false, cols = { "stage", "mode", "at", "by", "owners",
      { name = "royalty", format = "percent" }, { name = "learns", format = "percent" } } }
end

local function uses_text(s)
  local texts = {}
  for i, use in ipairs(s.uses) do
    texts[i] = use[2] == 1 and use[1] or ("%s %s"):format(stage.figure_text(use[2]), use[1])
  end
  return table.concat(texts, ", ")
end

local function stage_row(s)
  local adds, buys = value.of_stage(s)
  return {
    stage = s.name, at = stage.places_text(s.at), by = stage.places_text(s.by), sector = s.sector,
    adds = adds, buys = buys, times = s.per_unit, uses = uses_text(s),
    elasticity = s.combine and s.combine.elasticity,
  }
end

--- Columns that say nothing of any stage are left out.
local function stage_cols(list)
  local some = { stage = true, at = true, adds = true }
  for _, s in ipairs(list) do
    some.by = some.by or s.by
    some.sector = some.sector or s.sector
    some.times = some.times or s.per_unit ~= 1
    some.buys = some.buys or #s.buys > 0
    some.uses = some.uses or #s.uses > 0
    some.elasticity = some.elasticity or s.combine
  end
  local cols = {}
  for _, name in ipairs{ "stage", "at", "by", "sector", "adds", "buys", "times", "elasticity",
    "uses" } do
    local is_number = name == "adds" or name == "buys" or name == "times" or name == "elasticity"
    if some[name] then
      cols[#cols + 1] = { name = name, digits = is_number and 2 or nil,
        kind = is_number and "number" or "text" }
    end
  end
  return cols
end

--- The stages as a frame: where, by whom, what each adds and buys for one unit
--- of itself, how many times it goes into the product, and what it uses; the elasticity
--- where inputs replace one another, and quantities are then those of the recipe.
---@return cm.Frame
function methods:stages()
  args.object(inside[self] ~= nil, "chain")
  local chain = inside[self]
  local cols, columns = stage_cols(chain.list), {}
  for _, col in ipairs(cols) do columns[col.name] = {} end
  for i, s in ipairs(chain.list) do
    local row = stage_row(s)
    for _, col in ipairs(cols) do columns[col.name][i] = row[col.name] end
  end
  local title = ("chain '%s': %d stage%s"):format(chain.name, #chain.list,
    #chain.list == 1 and "" or "s")
  return frame{
    title = chain.price and ("%s, price %s"):format(title, stage.figure_text(chain.price))
      or title,
    unit = chain.unit, keys = { "stage" }, cols = cols, columns = columns, n = #chain.list,
    bar = false, check = chain.remainder ~= 0 and ("the rest, %s, goes to %s"):format(
      stage.figure_text(chain.remainder), chain.rest) or nil,
  }
end

local analysis, blocks = require "capmod.chain.analysis", require "capmod.chain.blocks"
local summary, draw = require "capmod.chain.summary", require "capmod.chain.draw"
local division, frontier = require "capmod.chain.division", require "capmod.chain.frontier"
local years = require "capmod.chain.years"
for _, module in ipairs{ analysis, blocks, division, draw, frontier, summary, years } do
  for name, method in each(module.methods) do methods[name] = method end
end
insides.noted(methods, function(chain) return inside[chain] end)

local properties = {
  name = true, unit = true, price = true, market = true, rest = true, about = true,
  source = true, licence = true,
}

function Chain:__index(key)
  if methods[key] then return methods[key] end
  if properties[key] then return inside[self][key] end
  local name = inside[self].name
  args.no_such(("chain '%s'"):format(name), key, name, methods, properties)
end

function Chain:__newindex(key)
  errors.raise(2010, {
    message = ("chain '%s' does not change: %s cannot be set"):format(self.name, tostring(key)),
    object = self.name, field = tostring(key),
    fix = ("make a changed copy: chain:with{ %s = ... }"):format(tostring(key)),
  })
end

function Chain:__tostring()
  return tostring(self:stages())
end

return setmetatable({ inside = function(chain) return inside[chain] end }, {
  __call = function(_, given)
    args.one(given, "chain", "fields", "table")
    return make(copy(given), {})
  end,
})
