--- The sequential chain of Antràs and de Gortari (2020): stages one after another, each a
--- Cobb-Douglas of labour on the spot and of what the stage before it made.
---
---     local s = cm.sequential{ theta = 5, trade = { CHN = { DEU = 1.2 }, DEU = { CHN = 1.2 } },
---       stages = { { "parts", share = 1, cost = { CHN = 1, DEU = 1.6 } },
---                  { "assembly", share = 0.4, cost = { CHN = 1.4, DEU = 1.3 } } } }
---     print(s:path "DEU")     -- the lead firm's: the cheapest places for a consumer there
---     print(s:shares "DEU")   -- of all chains that serve it, by stage and place
---
--- Unit cost of stage n in place i, from k: p = cost^share * (p_before * trade[k][i])^(1 - share);
--- the first stage is its cost. `trade` is an iceberg factor, at least 1, for each pair of places;
--- 1 within a place, and everywhere where none is given. Stage n weighs b_n = product of
--- (1 - share) over the stages after it.
---
--- Shares: productivities are drawn from Fréchet distributions, `technology` (default 1) their
--- levels and `theta` their shape, so that a chain l serves j with probability proportional to
---     prod over n < N of [T^a (c^a trade[l_n, l_n+1])^-theta]^b_n * T^a (c^a trade[l_N, j])^-theta
--- with a the share of the stage. The form is that of the paper from memory of it, not checked
--- against its text. Errors CM1001-1004.

local args = require "capmod.args"
local codes = require "capmod.codes"
local core = require "capmod.core"
local each = require "capmod.each"
local errors = require "capmod.errors"
local frame = require "capmod.frame"
local matrix = require "capmod.matrix"
local text = require "capmod.text"

local inside = setmetatable({}, { __mode = "k" })
local methods = {}
local Sequential = { __name = "cm.Sequential", __index = methods }

local FIELDS = {
  stages = { "list", required = true, about = "the first first: name, share, cost, technology" },
  trade = { "table", about = "iceberg factors by origin and destination" },
  theta = { "number", about = "shape of the Fréchet distributions, for shares" },
  name = { "string" },
}
local STAGE = {
  [1] = { "string", required = true, about = "the name" },
  share = { "number", about = "of value added on the spot, over 0 to 1; the first stage has 1" },
  cost = { "table", required = true, about = "a number for each place" },
  technology = { "table", about = "a number for each place: 1" },
}

-- ---- checks -------------------------------------------------------------------------------------

local function wrong(field, value, fix)
  errors.raise(1004, { message = ("sequential: %s = %s"):format(field, text.short(value)),
    object = "sequential", field = field, fix = fix })
end

local function positive(field, value)
  if math.type(value) == nil or not (value > 0 and value < math.huge) then
    wrong(field, value, "a positive number")
  end
  return value
end

--- The figures of a stage as rows by place.
local function read_stage(t, n, places)
  t = args.check("stage", t, STAGE)
  local stage = { name = t[1], share = n == 1 and 1 or t.share or 1 }
  if not (stage.share > 0 and stage.share <= 1) then
    wrong(t[1] .. ".share", stage.share, "over 0, at most 1")
  end
  for field, values in each{ cost = t.cost, technology = t.technology or {} } do
    local row = {}
    for i, place in ipairs(places) do
      row[i] = positive(("%s.%s.%s"):format(t[1], field, place),
        values[place] or field == "technology" and 1 or nil)
    end
    stage[field] = matrix{ rows = 1, cols = places, data = { row } }
  end
  return stage
end

local function read_trade(trade, places)
  local rows, known = {}, {}
  for i, place in ipairs(places) do known[place], rows[i] = true, {} end
  for from, row in each(trade or {}) do
    if not known[from] then args.no_such("trade", from, "sequential", places) end
    for to in each(args.one(row, "trade", from, "table")) do
      if not known[to] then args.no_such("trade." .. from, to, "sequential", places) end
    end
  end
  for i, from in ipairs(places) do
    for j, to in ipairs(places) do
      local tau = not trade and 1 or (trade[from] or {})[to] or i == j and 1 or nil
      rows[i][j] = positive(("trade.%s.%s"):format(from, to), tau)
      if tau < 1 then wrong(("trade.%s.%s"):format(from, to), tau, "at least 1") end
    end
  end
  return matrix{ rows = places, cols = places, data = rows }
end

local function make(_, t)
  t = args.check("sequential", t, FIELDS)
  local places = {}
  local first = type(t.stages[1]) == "table" and t.stages[1].cost
  for place in each(type(first) == "table" and first or {}) do
    args.one(place, "sequential", "cost: the place", "string")
    places[#places + 1] = place
  end
  local r = { name = t.name or "chain", places = places, stages = {}, theta = t.theta }
  for n, stage in ipairs(t.stages) do r.stages[n] = read_stage(stage, n, places) end
  if #r.stages == 0 then wrong("stages", 0, "a list of at least one stage") end
  if t.theta then positive("theta", t.theta) end
  r.trade = read_trade(t.trade, places)
  r.weight = { [#r.stages] = 1 }
  for n = #r.stages - 1, 1, -1 do r.weight[n] = r.weight[n + 1] * (1 - r.stages[n + 1].share) end
  local s = setmetatable({}, Sequential)
  inside[s] = r
  return s
end

local function of(self, place, verb)
  args.object(inside[self] ~= nil, "sequential")
  args.one(place, verb, "destination", "string")
  local r = inside[self]
  for j, known in ipairs(r.places) do
    if known == place then return r, j end
  end
  wrong("destination", place, errors.did_you_mean(place, r.places,
    "one of " .. table.concat(r.places, ", ")))
end

-- ---- the lead firm ------------------------------------------------------------------------------

--- The chain as a placement whose value compounds; the last stage is the consumer's place.
local function placement(r, to)
  local n, width, tau = #r.stages, #r.places, {}
  for i = 1, width do table.move(r.trade:row_list(i), 1, width, #tau + 1, tau) end
  local t = { places = width, operators = 1, compounding = true, count = {}, place = {},
    operator = {},
    cost = {}, aggregator = {}, place_matrices = { tau },
    arcs = { from = {}, to = {}, quantity = {}, weight = {}, times = {} },
    measures = { weight = { 1 }, lower = { -math.huge }, upper = { math.huge } } }
  for k = 1, n + 1 do
    local costs = k <= n and r.stages[k].cost:row_list(1) or { 0 }
    t.count[k], t.aggregator[k] = #costs, k > 1 and k <= n and "cobb_douglas" or "sum"
    for i, cost in ipairs(costs) do
      local at = #t.cost + 1
      t.place[at], t.operator[at], t.cost[at] = k <= n and i or to, 1, cost
    end
    if k > 1 then
      local arcs = t.arcs
      arcs.from[k - 1], arcs.to[k - 1], arcs.quantity[k - 1], arcs.times[k - 1] = k - 1, k, 1, 1
      arcs.weight[k - 1] = k <= n and 1 - r.stages[k].share or 1
    end
  end
  return core.locate(t)
end

--- The cheapest places for a consumer at `destination`, by dynamic programming forward: the least
--- cost of each stage in each place (Antràs and de Gortari 2020, section 2).
---@param destination string
---@return cm.Frame  stage, place, cost (of one unit, so far); the last row is the price there
function methods:path(destination)
  local r, to = of(self, destination, "path")
  local p = placement(r, to)
  local choice = p:solve():choice(p)
  local values, columns = p:evaluate(choice).values, { stage = {}, place = {}, cost = {} }
  for n, value in ipairs(values) do
    local at = n <= #r.stages and choice[n] - (n - 1) * #r.places or to
    columns.stage[n] = n <= #r.stages and r.stages[n].name or "delivered"
    columns.place[n], columns.cost[n] = codes.label(r.places[at]), value
  end
  return frame{ title = ("%s: the cheapest chain for %s"):format(r.name, codes.label(destination)),
    keys = { "stage", "place" }, bar = false, columns = columns,
    cols = { { name = "stage" }, { name = "place" }, { name = "cost", digits = 4 } } }
end

-- ---- shares of chains ---------------------------------------------------------------------------

--- What stage n adds to the weight of a chain in each place, without trade: a row.
local function own(r, n)
  local stage = r.stages[n]
  return (stage.technology * stage.cost ^ -r.theta) ^ (stage.share * r.weight[n])
end

--- What trade after stage n adds: by origin and destination.
local function onward(r, n) return r.trade ^ (-r.theta * r.weight[n]) end

--- How much of what consumers at `destination` buy goes through each place at each stage, from
--- products of J x J matrices that sum over all J^N chains: those that lead to a place times those
--- that lead on from it.
---@param destination string
---@return cm.Frame  stage, place, share
function methods:shares(destination)
  local r, to = of(self, destination, "shares")
  if not r.theta then wrong("theta", "none", "shares need the shape of the distributions") end
  local before, after = { own(r, 1) }, onward(r, #r.stages):col(to):T()
  for n = 2, #r.stages do before[n] = own(r, n) * before[n - 1]:mul(onward(r, n - 1)) end
  local columns = { stage = {}, place = {}, share = {} }
  for n = #r.stages, 1, -1 do
    local through = before[n] * after
    local shares = (through / through:sum()):row_list(1)
    for i, place in ipairs(r.places) do
      local at = (n - 1) * #r.places + i
      columns.stage[at], columns.place[at] = r.stages[n].name, place
      columns.share[at] = shares[i]
    end
    if n > 1 then after = (own(r, n) * after):mul(onward(r, n - 1):T()) end
  end
  return frame{ title = ("%s: chains that serve %s"):format(r.name, codes.label(destination)),
    note = { ("Fréchet with theta = %s"):format(text.short(r.theta)) },
    keys = { "stage", "place" }, columns = columns,
    cols = { { name = "stage" }, { name = "place" }, { name = "share", format = "percent" } } }
end

function Sequential.__tostring(self)
  local r, names = inside[self], {}
  for n, stage in ipairs(r.stages) do names[n] = stage.name end
  return ("%s: %s in %s"):format(r.name, table.concat(names, " > "), table.concat(r.places, ", "))
end

return setmetatable({}, { __name = "capmod.sequential", __call = make })
