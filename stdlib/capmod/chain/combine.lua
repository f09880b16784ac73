--- How a stage's own work and its inputs make its product: by a fixed recipe, or so that what gets
--- dearer is replaced by the rest, at a constant elasticity of substitution σ (Arrow, Chenery,
--- Minhas and Solow 1961). With c what its own work costs, x_k what the recipe's amount of input k
--- costs as it arrives, freight, duty and interface with it, and a_0 + sum of a_k = 1, a unit costs
---
---     p = (a_0^σ c^(1-σ) + sum of a_k^σ x_k^(1-σ))^(1/(1-σ))
---     p = (c/a_0)^a_0 * product of (x_k/a_k)^a_k              σ = 1, Cobb-Douglas
---     p = c + sum of x_k                                      σ = 0, the recipe
---
--- This is the normalised form (Klump and de La Grandville 2000): where the recipe's cost shares
--- are a, the recipe is what costs least, whatever σ; elsewhere it costs more than p. What is taken
--- of input k is (a_k p/x_k)^σ times the recipe (Shephard 1953), so that purchases add up to p.
---
--- The core knows (sum of w_k y_k^(1-σ))^(1/(1-σ)): y_k = x_k/a_k, w_k = a_k. Errors CM2049,
--- CM2072.

local args = require "capmod.args"
local core = require "capmod.core"
local each = require "capmod.each"
local errors = require "capmod.errors"

local combine = {}

local MOST = 20 -- of σ: prices to the power 1 - σ stay numbers
local FORM = "cm.ces{ elasticity = 0.5, shares = { cloth = 0.4 } }"

local FIELDS = {
  elasticity = { "number", required = true, about = "of substitution: 0 none, 1 Cobb-Douglas" },
  shares = { "table", required = true,
    about = "of each input in the cost for which uses holds; own work has the rest" },
}

-- ---- writing it ---------------------------------------------------------------------------------

--- Own work and inputs of a stage with a constant elasticity of substitution: its field `combine`.
--- `uses` and the stage's figures are the recipe that is taken where cost shares are `shares`. See
--- docs/placing.md, Inputs that replace one another.
---
---     { "shirt", at = { "CHN", "ETH" }, labour = 3, uses = { cloth = 2 },
---       combine = cm.ces{ elasticity = 0.5, shares = { cloth = 0.4 } } }
---@param t { elasticity: number, shares: table<string, number> }
---@return { elasticity: number, shares: table<string, number> }
function combine.ces(t) return args.check("ces", t, FIELDS) end

--- The same with an elasticity of 1: each input keeps its share of the cost (Cobb and Douglas
--- 1928).
---@param t { shares: table<string, number> }
---@return { elasticity: number, shares: table<string, number> }
function combine.cobb_douglas(t)
  args.check("cobb_douglas", t, { shares = FIELDS.shares })
  return { elasticity = 1, shares = t.shares }
end

-- ---- reading it ---------------------------------------------------------------------------------

local function refuse(found, s, message, fix)
  found:add(2072, { message = ("stage '%s': %s"):format(s.name, message), field = "combine",
    object = ("stage '%s'"):format(s.name), fix = fix or "combine = " .. FORM })
end

--- Shares by name, each of an input, all inputs with one; what is left for the stage's own work.
local function read_shares(given, s, found)
  local shares, sum, known, quantity, before = {}, 0, {}, {}, #found
  for k, use in ipairs(s.uses) do
    known[k], quantity[use[1]] = use[1], use[2]
    if given[use[1]] == nil then
      refuse(found, s, ("'%s' has no share"):format(use[1]),
        ("shares = { [\"%s\"] = 0.4 }, or take it out of uses"):format(use[1]))
    elseif use[2] == 0 then
      refuse(found, s, ("'%s' has a share, but uses takes none of it"):format(use[1]),
        "say how much it is: uses = { cloth = 2 }")
    end
  end
  for name, share in each(given) do
    if not quantity[name] then
      refuse(found, s, ("'%s' has a share, but is none of what it uses"):format(tostring(name)),
        errors.did_you_mean(tostring(name), known, #known > 0 and "it uses "
          .. table.concat(known, ", ") or "it uses nothing"))
    elseif type(share) ~= "number" or not (share > 0 and share <= 1) then
      refuse(found, s, ("the share of '%s' is %s, not a number over 0 and at most 1"):format(name,
        tostring(share)))
    else
      shares[name], sum = share, sum + share
    end
  end
  if #found == before and sum > 1 + 1e-9 then
    refuse(found, s, ("the shares of its inputs sum to %.10g, over 1"):format(sum),
      "what is left to 1 is the share of the stage's own work")
  elseif #found == before and sum > 1 - 1e-9 then
    for name, share in each(shares) do shares[name] = share / sum end
    sum = 1
  end
  return shares, 1 - sum
end

--- What `combine` of a stage says; nil of a fixed recipe. CM2072.
---@param given any
---@param s table   with its name and uses
---@param found cm.Findings
---@return { elasticity: number, shares: table<string, number>, own: number }?
function combine.read(given, s, found)
  if given == nil or given == "sum" then return nil end
  if type(given) ~= "table" then
    return refuse(found, s, ("combine is '%s'"):format(tostring(given)), "combine = \"sum\", "
      .. FORM .. ", or cm.cobb_douglas{ shares = { cloth = 0.4 } }")
  end
  local before = #found
  args.check(("stage '%s': combine"):format(s.name), given, FIELDS, found)
  if #found > before then return nil end
  local sigma = given.elasticity
  if not (sigma >= 0 and sigma <= MOST) then
    refuse(found, s, ("the elasticity is %s, not a number from 0 to %d"):format(tostring(sigma),
      MOST))
  end
  local shares, own = read_shares(given.shares, s, found)
  if #found > before or sigma == 0 then return nil end
  return { elasticity = math.abs(sigma - 1) < 1e-8 and 1 or sigma, shares = shares, own = own }
end

--- Marks the stages of which one unit of the product takes more or less as prices are: those that
--- combine and all that goes into them. CM2072 where a recipe may leave such a stage out.
---@param list table[]
---@param found cm.Findings
function combine.mark(list, found)
  local by_name = {}
  local function mark(s)
    if s.flexible then return end
    s.flexible = true
    for _, v in ipairs(s.variants or {}) do v.flexible = true end
    for _, use in ipairs(s.uses) do mark(by_name[use[1]]) end
  end
  for _, s in ipairs(list) do by_name[s.name] = s end
  for _, s in ipairs(list) do
    if s.combine and s.part then
      refuse(found, s, ("it combines, but recipe '%s' may leave it out"):format(s.part.recipe),
        "settle the recipe, or let the stage of the recipes' name take a fixed amount of each")
    elseif s.combine then
      mark(s)
    end
  end
end

--- Stages whose inputs replace one another, by name: "body, shirt"; nil without.
---@param list table[]
---@return string?
function combine.names(list)
  local names = {}
  for _, s in ipairs(list) do
    if s.combine then names[#names + 1] = s.name end
  end
  return #names > 0 and table.concat(names, ", ") or nil
end

--- A figure of `adds` so many times; see stage.figure.
---@param figure { total: number, parts: table? }
---@param times number
---@return { total: number, parts: table? }
function combine.times(figure, times)
  local parts = figure.parts and {}
  for k, part in ipairs(parts and figure.parts or {}) do parts[k] = { part[1], times * part[2] } end
  return { total = times * figure.total, parts = parts }
end

--- The arcs by where they come from.
---@param arcs { from: integer[] }
---@return table<integer, integer[]>
function combine.leaving(arcs)
  local leaving = {}
  for a, from in ipairs(arcs.from) do
    leaving[from] = leaving[from] or {}
    table.insert(leaving[from], a)
  end
  return leaving
end

-- ---- what cannot be said exactly ----------------------------------------------------------------

--- Adds CM2049: something counts quantities that are known only of a plan.
---@param found cm.Findings
---@param chain table
---@param what string   "jobs.ETH counts what 'cloth' takes"
---@param fix string
function combine.refuse(found, chain, what, fix)
  found:add(2049, { message = ("'%s': %s, and how much that is depends on prices: %s"):format(
    chain.name, what, "inputs replace one another in " .. combine.names(chain.list)),
    object = chain.name, field = "combine", fix = fix })
end

local FIXED = "a fixed recipe, combine = \"sum\", or a chain without this"

--- What is wrong with what a stage's own work costs, given its share; nil where nothing is.
local function wrong_cost(own, cost, at)
  if own > 0 and cost <= 0 then
    return ("its own work has the share %.4g, but costs %.10g at %s"):format(own, cost, at),
      "shares of the inputs that sum to 1 leave none to own work"
  elseif own == 0 and cost ~= 0 then
    return "the shares of its inputs sum to 1, but its own work costs something",
      "leave own work a share, or put it into a stage that uses this one"
  end
end

--- A stage that combines is at one place at a time, and its share and its cost go together.
local function check_own(t, chain, found)
  local said = {}
  for o, i in ipairs(t.stage) do
    local s = chain.list[i]
    local message, fix
    if s and s.combine and s.weight then
      message, fix = "it is in shares of places", "write a stage for each place"
    elseif s and s.combine then
      message, fix = wrong_cost(s.combine.own, t.cost[o], t.list[o].at)
    end
    if message and not said[s.name] then
      said[s.name] = true
      refuse(found, s, message, fix)
    end
  end
end

--- The least that each stage can cost: an aggregate is a mean of its parts over their shares, so
--- not less than the least of these. Calls visit(u, s, least) for each input s of such a stage u.
local function least_of(t, chain, visit)
  local least, arcs, leaving = {}, t.arcs, combine.leaving(t.arcs)
  for o, i in ipairs(t.stage) do
    local c = chain.list[i] and chain.list[i].combine
    local cost = not c and t.cost[o] or c.own > 0 and t.cost[o] / c.own or math.huge
    least[i] = math.min(least[i] or math.huge, cost)
  end
  for _, i in ipairs(core.graph(#t.count, arcs.from, arcs.to, arcs.quantity):order()) do
    for _, a in ipairs(leaving[i] or {}) do
      local s, to, worth = chain.list[i], arcs.to[a], arcs.quantity[a] * least[i]
      local c = chain.list[to] and chain.list[to].combine
      if c then
        visit(chain.list[to], s, least[i])
        least[to] = math.min(least[to], worth / c.shares[s.name])
      else
        least[to] = least[to] + worth
      end
    end
  end
  return least
end

--- An input has one price, which is not 0, and to the power 1 - σ prices are numbers.
local function check_prices(t, chain, found)
  local before = #found
  local least = least_of(t, chain, function(u, s, worth)
    if s.weight then
      refuse(found, u, ("its input '%s' is in shares of places"):format(s.name),
        "put a stage between, which uses it and adds nothing")
    elseif worth <= 0 then
      refuse(found, u, ("its input '%s' may cost nothing"):format(s.name), "say what it costs")
    end
  end)
  local most = #found == before and require "capmod.chain.links".most(t)
  for i, s in ipairs(most and chain.list or {}) do
    local c = s.combine
    if c then
      local share = c.own > 0 and c.own or 1
      for _, x in each(c.shares) do share = math.min(share, x) end
      local size = math.max(math.log(most / share, 10), -math.log(least[i], 10))
      if (c.elasticity - 1) * size > 290 then
        refuse(found, s, ("costs of up to %.3g to the power %.4g are no numbers"):format(most,
          1 - c.elasticity), "another unit, such as 1000 USD, or a lower elasticity")
      end
    end
  end
end

local COUNTED = { scale = true, capacity = true } -- what counts all that is made

local function check_volumes(t, chain, found)
  for _, facility in ipairs(t.built) do
    for _, use in ipairs(COUNTED[facility.label] and facility.uses or {}) do
      local s = chain.list[t.stage[use.option]]
      if s.flexible and use.volume > 0 then
        combine.refuse(found, chain, ("%s%s counts what is made of '%s'"):format(
          facility.points and "scale" or "capacity", facility.at and " in " .. facility.at or "",
          s.name), FIXED)
        break
      end
    end
  end
end

--- What a placement cannot count where inputs replace one another: shares of places, what depends
--- on volume, rules of origin. CM2049, CM2072.
---@param t table       with options, arcs and facilities
---@param chain table   as spread.of gives it
---@param found cm.Findings
function combine.check(t, chain, found)
  if not combine.names(chain.list) then return end
  for _, s in ipairs(chain.list) do
    local rule = s.flexible and chain.world.learning[s.class]
    if rule and rule.rate > 0 then
      combine.refuse(found, chain, ("learning of '%s' counts what is made of it"):format(s.name),
        FIXED)
    end
  end
  check_own(t, chain, found)
  check_prices(t, chain, found)
  check_volumes(t, chain, found)
  if t.claim then
    combine.refuse(found, chain, "the rule of origin counts what is added", FIXED)
  end
end

-- ---- in the problem -----------------------------------------------------------------------------

--- The operator matrix of arc a, with costs over its share.
local function over_share(t, a, share, known)
  local face = t.arcs.interface[a]
  local key = ("%d %.17g"):format(face, share)
  if face == 0 or share == 1 then return face end
  if not known[key] then
    local m = {}
    for k, x in ipairs(t.operator_matrices[face]) do m[k] = x / share end
    table.insert(t.operator_matrices, m)
    known[key] = #t.operator_matrices
  end
  return known[key]
end

--- Says in a problem which stages combine: weights, and costs over their shares. The quantities of
--- the recipe stay in t.units.
---@param t table
---@param chain table
function combine.apply(t, chain)
  if not combine.names(chain.list) then return end
  local arcs, known = t.arcs, {}
  local function of(i) return chain.list[i] and chain.list[i].combine end -- nil of the market
  t.aggregator, t.sigma, arcs.weight = {}, {}, {}
  t.units = table.move(arcs.quantity, 1, #arcs.quantity, 1, {})
  for i in ipairs(t.count) do
    local c = of(i)
    t.aggregator[i] = not c and "sum" or c.elasticity == 1 and "cobb_douglas" or "ces"
    t.sigma[i] = c and c.elasticity or 0
  end
  for a, to in ipairs(arcs.to) do
    local c = of(to)
    local share = c and c.shares[chain.list[arcs.from[a]].name] or 1
    -- without a share of own work, weights that sum to a little less would leave it one
    arcs.weight[a] = c and share * (c.own == 0 and 1 + 1e-15 or 1) or 0
    arcs.quantity[a] = arcs.quantity[a] / share
    arcs.interface[a] = over_share(t, a, share, known)
  end
  for o, i in ipairs(t.stage) do
    local own = of(i) and of(i).own or 0
    if own > 0 then t.cost[o] = t.cost[o] / own end
  end
end

-- ---- in a plan ----------------------------------------------------------------------------------

--- What arrives over an arc of the core in a choice, for one unit of its user.
local function arriving(t, a, choice, values)
  local arcs, from, to = t.arcs, choice[t.arcs.from[a]], choice[t.arcs.to[a]]
  local function cell(matrices, number, places, n, without)
    local m = matrices and matrices[number]
    return m and m[(places[from] - 1) * n + places[to]] or without
  end
  return arcs.quantity[a] * (values[arcs.from[a]]
    * cell(t.place_matrices, arcs.times[a], t.place, t.places, 1)
    + cell(t.place_matrices, arcs.add[a], t.place, t.places, 0))
    + cell(t.operator_matrices, arcs.interface[a], t.operator, t.operators, 0)
end

--- How much of each input a choice takes: for each arc `taken`, the part of what the recipe says,
--- and `users`, how many of the user are in one unit of the product; for each stage `own`, the part
--- of its own work. All of it is the recipe where nothing combines.
---@param t table
---@param chain table
---@param choice integer[]
---@param values number[]  of one unit of each stage
---@return { taken: number[], users: number[], own: number[] }
function combine.flows(t, chain, choice, values)
  local arcs, made, leaving = t.arcs, {}, combine.leaving(t.arcs)
  local f = { taken = {}, users = {}, own = {} }
  local order = core.graph(#t.count, arcs.from, arcs.to, arcs.quantity):order()
  for k = #order, 1, -1 do
    local i = order[k]
    local s = chain.list[i]
    local c = s and s.combine
    f.own[i] = c and c.own > 0 and (values[i] / t.cost[choice[i]]) ^ c.elasticity or 1
    made[i] = not leaving[i] and (s and s.per_unit or 1) or 0
    for _, a in ipairs(leaving[i] or {}) do
      local user = chain.list[arcs.to[a]]
      local d = user and user.combine
      f.users[a] = made[arcs.to[a]]
      f.taken[a] = d and (values[arcs.to[a]] / arriving(t, a, choice, values)) ^ d.elasticity or 1
      made[i] = made[i] + made[arcs.to[a]] * f.taken[a] * (t.units or arcs.quantity)[a]
    end
  end
  return f
end

--- The flows of a plan of locate.problem; see combine.flows.
---@param problem table
---@param choice integer[]
---@return { taken: number[], users: number[], own: number[] }
function combine.in_plan(problem, choice)
  return combine.flows(problem.parts, problem.chain, choice,
    problem.valued:evaluate(choice).values)
end

--- What changes in stages that combine so that they are made as in a choice, by a fixed recipe.
---@param problem table   as locate.problem has it
---@param choice integer[]
---@param stages table<string, table>  what changes in each stage
function combine.settle(problem, choice, stages)
  local chain, t = problem.chain, problem.parts
  if not t.units then return end
  local f = combine.in_plan(problem, choice)
  for i, s in ipairs(chain.list) do
    if s.combine then
      local change = stages[s.name]
      change.combine, change.uses = false, {}
      change.intensity = f.own[i] * (s.intensity or 1)
    end
  end
  for a, to in ipairs(t.arcs.to) do
    local u = chain.list[to]
    if u and u.combine then
      stages[u.name].uses[chain.list[t.arcs.from[a]].name] = t.units[a] * f.taken[a]
    end
  end
end

return combine
