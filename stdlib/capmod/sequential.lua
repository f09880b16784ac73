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
--- the first stage is its cost. `trade` is an iceberg factor, at least 1; 1 within a place. The
--- stage n weighs b_n = product of (1 - share) over the stages after it.
---
--- Shares: productivities are drawn from Fréchet distributions, `technology` (default 1) their
--- levels and `theta` their shape, so that a chain l serves j with probability proportional to
---     prod over n < N of [T^a (c^a trade[l_n, l_n+1])^-theta]^b_n * T^a (c^a trade[l_N, j])^-theta
--- with a the share of the stage (their equation 16). Errors CM1001-1004.

local args = require "capmod.args"
local codes = require "capmod.codes"
local each = require "capmod.each"
local errors = require "capmod.errors"
local frame = require "capmod.frame"
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

local function read_stage(t, n, places)
  t = args.check("stage", t, STAGE)
  local stage = { name = t[1], share = n == 1 and 1 or t.share or 1, cost = {}, technology = {} }
  if not (stage.share > 0 and stage.share <= 1) then
    wrong(t[1] .. ".share", stage.share, "over 0, at most 1")
  end
  for i, place in ipairs(places) do
    stage.cost[i] = positive(("%s.cost.%s"):format(t[1], place), t.cost[place])
    stage.technology[i] = positive(("%s.technology.%s"):format(t[1], place),
      (t.technology or {})[place] or 1)
  end
  return stage
end

local function read_trade(trade, places)
  local rows = {}
  for i, from in ipairs(places) do
    rows[i] = {}
    for j, to in ipairs(places) do
      local tau = i == j and 1 or ((trade or {})[from] or {})[to] or 1
      rows[i][j] = positive(("trade.%s.%s"):format(from, to), tau)
      if tau < 1 then wrong(("trade.%s.%s"):format(from, to), tau, "at least 1") end
    end
  end
  return rows
end

local function make(_, t)
  t = args.check("sequential", t, FIELDS)
  local places = {}
  for place in each(type(t.stages[1]) == "table" and t.stages[1].cost or {}) do
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

--- The cheapest places for a consumer at `destination`, by dynamic programming forward: the least
--- cost of each stage in each place (Antràs and de Gortari 2020, section 2).
---@param destination string
---@return cm.Frame  stage, place, cost (of one unit, so far); the last row is the price there
function methods:path(destination)
  local r, to = of(self, destination, "path")
  local cost, from = {}, {}
  for n, stage in ipairs(r.stages) do
    cost[n], from[n] = {}, {}
    for i in ipairs(r.places) do
      local least = n == 1 and 1 or math.huge
      for k in ipairs(n > 1 and r.places or {}) do
        local arrives = cost[n - 1][k] * r.trade[k][i]
        if arrives < least then least, from[n][i] = arrives, k end
      end
      cost[n][i] = stage.cost[i] ^ stage.share * least ^ (1 - stage.share)
    end
  end
  local last, price = 1, math.huge
  for i in ipairs(r.places) do
    local here = cost[#r.stages][i] * r.trade[i][to]
    if here < price then last, price = i, here end
  end
  local rows, at = {}, last
  for n = #r.stages, 1, -1 do
    rows[n] = { r.stages[n].name, r.places[at], cost[n][at] }
    at = from[n][at]
  end
  rows[#rows + 1] = { "delivered", destination, price }
  local columns = { stage = {}, place = {}, cost = {} }
  for n, row in ipairs(rows) do
    columns.stage[n], columns.place[n], columns.cost[n] = row[1], codes.label(row[2]), row[3]
  end
  return frame{ title = ("%s: the cheapest chain for %s"):format(r.name, codes.label(destination)),
    keys = { "stage", "place" }, bar = false, columns = columns,
    cols = { { name = "stage" }, { name = "place" }, { name = "cost", digits = 4 } } }
end

-- ---- shares of chains ---------------------------------------------------------------------------

--- What stage n in place i adds to the weight of a chain, without trade.
local function own(r, n, i)
  local stage = r.stages[n]
  return (stage.technology[i] * stage.cost[i] ^ -r.theta) ^ (stage.share * r.weight[n])
end

--- The sums of weights over all beginnings that end with stage n in place i.
local function beginnings(r)
  local sums = {}
  for n in ipairs(r.stages) do
    sums[n] = {}
    for i in ipairs(r.places) do
      local arrives = n == 1 and 1 or 0
      for k in ipairs(n > 1 and r.places or {}) do
        arrives = arrives + sums[n - 1][k] * r.trade[k][i] ^ (-r.theta * r.weight[n - 1])
      end
      sums[n][i] = own(r, n, i) * arrives
    end
  end
  return sums
end

--- How much of what consumers at `destination` buy goes through each place at each stage, from the
--- product of J x J matrices that sums over all J^N chains.
---@param destination string
---@return cm.Frame  stage, place, share
function methods:shares(destination)
  local r, to = of(self, destination, "shares")
  if not r.theta then wrong("theta", "none", "shares need the shape of the distributions") end
  local before, after, share = beginnings(r), {}, {}
  for n = #r.stages, 1, -1 do
    local sum = 0
    after[n], share[n] = {}, {}
    for i in ipairs(r.places) do
      local onward = n == #r.stages and r.trade[i][to] ^ -r.theta or 0
      for k in ipairs(n < #r.stages and r.places or {}) do
        onward = onward + r.trade[i][k] ^ (-r.theta * r.weight[n]) * own(r, n + 1, k) *
          after[n + 1][k]
      end
      after[n][i] = onward
      share[n][i] = before[n][i] * onward
      sum = sum + share[n][i]
    end
    for i in ipairs(r.places) do share[n][i] = share[n][i] / sum end
  end
  local columns = { stage = {}, place = {}, share = {} }
  for n, stage in ipairs(r.stages) do
    for i, place in ipairs(r.places) do
      local at = #columns.stage + 1
      columns.stage[at], columns.place[at] = stage.name, place
      columns.share[at] = share[n][i]
    end
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
