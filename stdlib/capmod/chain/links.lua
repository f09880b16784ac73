--- What lies on the links of a placement: freight and duties on the value that passes, costs where
--- a border or another firm is met, and pairs of places that cannot be.
---
--- A place of the core is a node: a country, a country where a stage is made by one of its recipes,
--- a market where a lower duty is claimed, or nowhere, for a stage that is not made.

local core = require "capmod.core"
local nearby = require "capmod.chain.nearby"
local spread = require "capmod.chain.spread"
local stage = require "capmod.chain.stage"

local links = {}

---@class cm.Node
---@field code string
---@field claim boolean?   a market that claims an origin
---@field recipe string?   by which a stage with recipes is made
---@field none boolean?    a stage that is not made

--- Numbers nodes as they come: list, function(node) -> number.
function links.nodes()
  local list, at = {}, {}
  return list, function(node)
    local key = node.code
    if node.claim or node.recipe or node.none then
      key = ("%s\0%s\0%s\0%s"):format(key, node.claim and "claim" or "", node.recipe or "",
        node.none and "none" or "")
    end
    if not at[key] then
      list[#list + 1] = node
      at[key] = #list
    end
    return at[key]
  end
end

--- Numbers parties by how they are written: list of parties (false of nobody), function(party).
function links.parties()
  local list, at = {}, {}
  return list, function(party)
    local key = stage.party_text(party)
    if not at[key] then
      list[#list + 1] = party or false
      at[key] = #list
    end
    return at[key]
  end
end

--- The links of a chain as arcs of the core; a market has the number t.market. `t.shares` says what
--- part of a link each arc is: the share of where it comes from.
---@param t table
---@param chain table  as spread.of gives it
---@param dropped table<string, boolean>
---@return table<string, integer> number of each stage
function links.add(t, chain, dropped)
  local number, used = {}, {}
  local arcs = { from = {}, to = {}, quantity = {}, times = {}, interface = {}, add = {} }
  t.shares = {}
  local function arc(from, to, quantity)
    local s, u = chain.list[from], chain.list[to]
    local beside = u and spread.is_beside(chain, s, u, dropped)
    if quantity == 0 or beside and s.at[1] ~= u.at[1] then return end
    local n, share = #arcs.from + 1, not beside and s.weight or 1
    arcs.from[n], arcs.to[n], arcs.quantity[n], arcs.times[n] = from, to, quantity * share, 0
    arcs.interface[n], arcs.add[n], t.shares[n] = 0, 0, share
  end
  for name, numbers in pairs(chain.numbers) do number[name] = numbers[1] end -- any order
  for i, s in ipairs(chain.list) do
    for _, use in ipairs(s.uses) do
      used[use[1]] = true
      for _, from in ipairs(chain.numbers[use[1]]) do arc(from, i, use[2]) end
    end
  end
  for i, s in ipairs(t.market and chain.list or {}) do
    arc(i, t.market, s.demand or used[s.name] and 0 or 1)
  end
  t.arcs, t.is_used = arcs, used
  return number
end

-- ---- on value -----------------------------------------------------------------------------------

--- What the importer takes of what stage s ships.
local function duty_of(trade, from, to, claim, s)
  local rule = claim and trade.origin[to]
  if rule and from ~= to then return rule.duty end
  return trade.tariff(from, to, s)
end

--- (1 + freight) (1 + duty) from each node to each, for a stage and all that pay the same duties.
local function factors_of(nodes, trade, s)
  local m = {}
  for _, from in ipairs(nodes) do
    for _, to in ipairs(nodes) do
      local factor = 1
      if not from.none and not to.none then
        factor = (1 + trade.freight(from.code, to.code))
          * (1 + duty_of(trade, from.code, to.code, to.claim, s))
      end
      m[#m + 1] = factor
    end
  end
  return m
end

--- One matrix of factors for all stages that go somewhere and pay by the same duties.
---@param t table
---@param chain table
---@param nodes cm.Node[]
---@param trade table
function links.add_trade(t, chain, nodes, trade)
  t.place_matrices = {}
  local known = {}
  for a, from in ipairs(t.arcs.from) do
    local s = chain.list[from]
    local key = trade.duties_of(s)
    if not known[key] then
      known[key] = #t.place_matrices + 1
      t.place_matrices[known[key]] = factors_of(nodes, trade, s)
    end
    t.arcs.times[a] = known[key]
  end
end

-- ---- beside value -------------------------------------------------------------------------------

--- Whether a stage at one node cannot go into a stage at another: what is made by a recipe is made
--- where, and only where, the recipe is taken; a claim needs goods of the members; between places
--- without a way nothing is shipped; and near-by rules part others.
local function is_barred(s, u, from, to, rule, bar, goes)
  local both = not from.none and not to.none
  if both and (bar and bar(from.code, to.code) or goes and not goes(from.code, to.code)) then
    return true
  end
  if s.part and u and u.variants then
    return (from.none or false) == (to.recipe == s.part.recipe)
  elseif s.part and u then
    return (from.none or false) ~= (to.none or false)
  end
  return rule and to.claim and from.code ~= to.code and not rule.is_of[from.code] or false
end

--- For an arc what each pair of nodes costs beside the value, infinite where it cannot be; 0: none.
--- Arcs that are alike have one matrix, by their key in `known`.
local function matrix_of(t, chain, nodes, x, a, known)
  local s, u = chain.list[t.arcs.from[a]], chain.list[t.arcs.to[a]]
  local rule = t.claim and not u and x.trade.origin[t.list[t.claim].at]
  local goes, near
  if u then goes, near = x.goes(t.arcs.from[a], t.arcs.to[a]) end
  local border = u and s.interface and s.interface * t.shares[a] / t.arcs.quantity[a] or 0
  if not s.part and border == 0 and not rule and not x.bar and not goes then return 0 end
  local key = ("%s %s %.17g %s"):format(s.part and a or "", rule and "claim" or "", border,
    near or "")
  if known[key] then return known[key] end
  local m = {}
  for _, from in ipairs(nodes) do
    for _, to in ipairs(nodes) do
      local crosses = not from.none and not to.none and from.code ~= to.code
      m[#m + 1] = is_barred(s, u, from, to, rule, x.bar, goes) and math.huge
        or crosses and border or 0
    end
  end
  known[key] = #t.place_matrices + 1
  t.place_matrices[known[key]] = m
  return known[key]
end

--- The part of what passes from one party to another that changes hands.
local function crossing(one, other)
  if stage.party_text(one) == stage.party_text(other) then return 0 end
  local sum = 0
  for _, f in ipairs(one) do
    if other.share[f] then sum = sum + one.share[f] * other.share[f] end
  end
  return 1 - sum
end

--- What it costs a stage's user where operators meet, for one unit of the user.
local function meeting(trade, s, one, other)
  if not one or not other then return 0 end
  local change = crossing(one, other)
  return change == 0 and 0 or trade.interface(one, other) + (s.interface or 0) * change
end

--- Whether a near-by rule bars options that two stages have.
local function bars(t, i, j, goes)
  for o, s in ipairs(t.stage) do
    for p, u in ipairs(s == i and t.stage or {}) do
      local one, other = t.list[o], t.list[p]
      if u == j and not one.none and not other.none and not goes(one.at, other.at) then
        return true
      end
    end
  end
  return false
end

--- Ties of the stages that near-by rules bind and no arc does.
local function add_ties(t, nodes, pairs_bound, goes_of)
  local linked, known = {}, {}
  t.ties = { from = {}, to = {}, pairs = {} }
  for a, from in ipairs(t.arcs.from) do
    linked[from .. " " .. t.arcs.to[a]], linked[t.arcs.to[a] .. " " .. from] = true, true
  end
  for _, pair in ipairs(pairs_bound) do
    local i, j = pair[1], pair[2]
    local goes, key = goes_of(i, j)
    if not linked[i .. " " .. j] and bars(t, i, j, goes) then
      if not known[key] then
        local m = {}
        for _, from in ipairs(nodes) do
          for _, to in ipairs(nodes) do
            local go = from.none or to.none or goes(from.code, to.code)
            m[#m + 1] = go and 0 or math.huge
          end
        end
        known[key] = #t.place_matrices + 1
        t.place_matrices[known[key]] = m
      end
      local n = #t.ties.from + 1
      t.ties.from[n], t.ties.to[n], t.ties.pairs[n] = i, j, known[key]
    end
  end
end

--- Adds what arcs cost beside value: at borders, where operators meet, and pairs that cannot be,
--- also of stages that only a near-by rule binds.
---@param t table
---@param chain table
---@param nodes cm.Node[]
---@param parties table[]
---@param trade table
---@param dropped table<string, boolean>
function links.add_interfaces(t, chain, nodes, parties, trade, dropped)
  t.operator_matrices = {}
  local known, beside = {}, {}
  local list, goes_of = nearby.bound(chain, dropped)
  local x = { trade = trade, goes = goes_of, bar = #trade.bars > 0 and function(from, to)
    local key = trade.bar(from, to)
    return key and not dropped[key]
  end }
  for a in ipairs(t.arcs.from) do
    local s, u = chain.list[t.arcs.from[a]], chain.list[t.arcs.to[a]]
    t.arcs.add[a] = matrix_of(t, chain, nodes, x, a, beside)
    local share = t.shares[a]
    local key = ("%.17g %.17g"):format(s.interface or 0, share)
    if u and (trade.meets or (s.interface or 0) > 0) then
      if not known[key] then
        local m = {}
        for _, one in ipairs(parties) do
          for _, other in ipairs(parties) do
            m[#m + 1] = share * meeting(trade, s, one, other)
          end
        end
        t.operator_matrices[#t.operator_matrices + 1] = m
        known[key] = #t.operator_matrices
      end
      t.arcs.interface[a] = known[key]
    end
  end
  if #t.operator_matrices == 0 then t.operator_matrices = nil end
  add_ties(t, nodes, list, goes_of)
end

--- What an arc costs in a choice, for one unit of the product: freight, duty, interface.
---@param t table
---@param chain table
---@param trade table
---@param a integer
---@param choice integer[]
---@param values number[]  of one unit of each stage
---@param flows table       what is taken, of combine.flows
---@return number freight, number duty, number interface
function links.paid(t, chain, trade, a, choice, values, flows)
  local from, to = t.arcs.from[a], t.arcs.to[a]
  local input, user = t.list[choice[from]], t.list[choice[to]]
  if input.none or user.none then return 0, 0, 0 end
  local s, u = chain.list[from], chain.list[to]
  local times = flows.users[a] * flows.taken[a]
  local units = (t.units or t.arcs.quantity)[a] * times * values[from]
  local crossed = times * t.shares[a]
  local rate = trade.freight(input.at, user.at)
  local duty = duty_of(trade, input.at, user.at, user.claim, s)
  local border = u and input.at ~= user.at and s.interface or 0
  local face = u and meeting(trade, s, input.party, user.party) or 0
  return units * rate, units * (1 + rate) * duty, crossed * (border + face)
end

--- Whether what arrives is worth what left, so that nothing compounds, and all goes somewhere.
local function is_even(t, made)
  local seen = {}
  for a, times in ipairs(t.arcs.times) do
    if made(t.arcs.to[a]) == 0 then return false end
    for _, factor in ipairs(seen[times] and {} or t.place_matrices[times]) do
      if factor ~= 1 then return false end
    end
    seen[times] = true
  end
  return true
end

--- The same problem where nothing compounds, as costs that add up: what each stage and each arc
--- costs for one unit of the product. The engine solves such problems better. nil where it does.
---@param t table
---@param chain table  as spread.of gives it
---@return table?
function links.added(t, chain)
  local sum, known = {}, {}
  local function made(i) return chain.list[i] and chain.list[i].per_unit or 1 end
  if t.aggregator or not is_even(t, made) then return nil end
  for field, value in pairs(t) do sum[field] = value end -- any order
  sum.compounding, sum.cost, sum.operator_matrices = false, {}, t.operator_matrices and {}
  for o, cost in ipairs(t.cost) do sum.cost[o] = made(t.stage[o]) * cost end
  local arcs = { from = {}, to = {}, add = {}, times = {}, quantity = {}, interface = {} }
  for a, to in ipairs(t.arcs.to) do
    local face, units, n = t.arcs.interface[a], made(to), #arcs.to + 1
    local key = ("%d %.17g"):format(face, units)
    if face > 0 and not known[key] then
      local m = {}
      for k, cost in ipairs(t.operator_matrices[face]) do m[k] = units * cost end
      table.insert(sum.operator_matrices, m)
      known[key] = #sum.operator_matrices
    end
    if face > 0 or t.arcs.add[a] > 0 then -- others cost nothing
      arcs.from[n], arcs.to[n], arcs.add[n], arcs.times[n] = t.arcs.from[a], to, t.arcs.add[a], 0
      arcs.quantity[n], arcs.interface[n] = units * t.arcs.quantity[a], known[key] or 0
    end
  end
  for k, from in ipairs(t.ties.from) do
    local n = #arcs.from + 1
    arcs.from[n], arcs.to[n], arcs.add[n], arcs.times[n] = from, t.ties.to[k], t.ties.pairs[k], 0
    arcs.quantity[n], arcs.interface[n] = 1, 0
  end
  sum.arcs, sum.ties = arcs, nil
  return sum
end

--- More than any choice can cost: every option at its dearest, over every arc at its dearest.
---@param t table
---@return number
function links.most(t)
  local worth, arcs, leaving, total = {}, t.arcs, {}, 0
  local function most(m)
    local x = 0
    for _, value in ipairs(m or {}) do
      if value < math.huge then x = math.max(x, value) end
    end
    return x
  end
  local graph = core.graph(#t.count, arcs.from, arcs.to, arcs.quantity)
  for o, s in ipairs(t.stage) do worth[s] = math.max(worth[s] or 0, t.cost[o]) end
  for a, from in ipairs(arcs.from) do
    leaving[from] = leaving[from] or {}
    table.insert(leaving[from], a)
  end
  for _, s in ipairs(graph:order()) do
    for _, a in ipairs(leaving[s] or {}) do
      local passes = worth[s] * math.max(1, most(t.place_matrices[arcs.times[a]]))
      worth[arcs.to[a]] = worth[arcs.to[a]] + most((t.operator_matrices or {})[arcs.interface[a]])
        + arcs.quantity[a] * (passes + most(t.place_matrices[arcs.add[a]]))
    end
    total = math.max(total, worth[s])
  end
  for _, fixed in ipairs(t.facilities.fixed) do total = total + fixed end
  for _, paid in ipairs(t.facilities.cost) do total = total + paid end
  return total
end

return links
