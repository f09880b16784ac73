--- Certificates of placements: the problem, the plan and what proves its bound, as lines of JSON
--- that `capmod verify` checks by itself. What the lines hold stands in docs/certificates.md.

local choices = require "capmod.plan.choices"
local digest = require "capmod.verify.digest"
local each = require "capmod.each"
local json = require "capmod.json"
local stage = require "capmod.chain.stage"

local certificate = {}

local BRANCH = "Lagrangian branch and bound"
local FOREIGN = { CBC = true, HiGHS = true, -- what gives bounds without a proof
  [BRANCH .. ", CBC"] = true, [BRANCH .. ", HiGHS"] = true }
local WHOLE = { ["dynamic programming"] = true, ["junction tree"] = true } -- needs no tree

-- ---- lines of the problem -----------------------------------------------------------------------

--- What is left out of lines: no number (0) of something, and what does not bound.
local function some(index) return index and index > 0 and index or nil end
local function bound(x) return x and math.abs(x) < math.huge and x or nil end

--- Columns that hold for one index each, as flat lists by index: { [o] = { facility, volume, ...
--- } }.
local function by_index(columns, index, key, value)
  local lists = {}
  for k, i in ipairs(columns and columns[index] or {}) do
    lists[i] = lists[i] or {}
    table.insert(lists[i], columns[key][k])
    table.insert(lists[i], columns[value] and columns[value][k] or 0)
  end
  return lists
end

local function add_stages(add, t, names)
  local needs = by_index(t.needs, "option", "facility", "volume")
  local adds, o = by_index(t.option_entries, "index", "measure", "value"), 0
  for s, count in ipairs(t.count) do
    local options = {}
    for k = 1, count do
      o = o + 1
      options[k] = { place = t.place[o], operator = t.operator[o], cost = t.cost[o],
        label = names.options and names.options[o], needs = needs[o], adds = adds[o] }
    end
    local kind = t.aggregator and t.aggregator[s]
    add{ is = "stage", name = names.stages and names.stages[s] or tostring(s),
      sum = kind ~= "sum" and kind or nil, sigma = kind == "ces" and t.sigma[s] or nil,
      options = options }
  end
end

local function add_links(add, t)
  for _, over in ipairs{ "places", "operators" } do
    for _, m in ipairs(t[over:sub(1, -2) .. "_matrices"] or {}) do
      local rows = {}
      for k, x in ipairs(m) do rows[k] = x == math.huge and "Inf" or x end
      add{ is = "matrix", over = over, rows = rows }
    end
  end
  local arcs = t.arcs or {}
  for a, from in ipairs(arcs.from or {}) do
    local function of(column) return arcs[column] and some(arcs[column][a]) end
    add{ is = "arc", from = from, to = arcs.to[a], quantity = arcs.quantity[a],
      weight = arcs.weight and arcs.weight[a] ~= 0 and arcs.weight[a] or nil, add = of "add",
      times = of "times", interface = of "interface" }
  end
  for k = 1, #(t.joins or {}), 2 do
    add{ is = "join", stages = { t.joins[k], t.joins[k + 1] } }
  end
  for k, from in ipairs(t.ties and t.ties.from or {}) do
    add{ is = "tie", stages = { from, t.ties.to[k] }, pairs = t.ties.pairs[k] }
  end
end

local function add_facilities(add, t, names)
  local y, first = t.facilities or {}, 0
  local adds = by_index(t.facility_entries, "index", "measure", "value")
  for f, fixed in ipairs(y.fixed or {}) do
    local count, points = y.points and y.points[f] or 0, {}
    for k = first + 1, first + count do
      table.move({ y.volume[k], y.cost[k] }, 1, 2, #points + 1, points)
    end
    first = first + count
    add{ is = "facility", name = names.facilities and names.facilities[f] or tostring(f),
      fixed = fixed, capacity = bound(y.capacity[f]), parent = y.parent and some(y.parent[f]),
      points = count > 0 and points or nil, adds = adds[f] }
  end
end

local function add_measures(add, t, names)
  for n, weight in ipairs(t.measures.weight) do
    add{ is = "measure", name = names.measures and names.measures[n]
      or n == 1 and "objective" or ("rule %d"):format(n - 1), weight = weight,
      lower = n > 1 and bound(t.measures.lower[n]) or nil,
      upper = n > 1 and bound(t.measures.upper[n]) or nil }
  end
end

-- ---- lines of the proof -------------------------------------------------------------------------

--- Numbers of single precision as text that reads back; a run of n zeros is 0*n.
local function figures(list)
  local words, zeros = {}, 0
  local function flush()
    if zeros > 0 then words[#words + 1] = zeros > 1 and "0*" .. zeros or "0" end
    zeros = 0
  end
  for _, x in ipairs(list) do
    if x == 0 then
      zeros = zeros + 1
    else
      flush()
      words[#words + 1] = ("%.9g"):format(x)
    end
  end
  flush()
  return table.concat(words, " ")
end

--- Members by what they have in common, where that is more than `least` of them.
local function groups(of, least)
  local lists, at = {}, {}
  for k, key in ipairs(of) do
    if key > 0 then
      if not at[key] then
        at[key] = {}
        lists[#lists + 1] = at[key]
      end
      table.insert(at[key], k)
    end
  end
  for k = #lists, 1, -1 do
    if #lists[k] < least then table.remove(lists, k) end
  end
  return lists, at
end

local function add_relaxation(add, record)
  local blocks, of_block = groups(record.block, 2)
  local loose, prices = {}, {}
  for k = 1, #record.link, 2 do
    loose[#loose + 1] = { of_block[record.link[k]][1], of_block[record.link[k + 1]][1] }
  end
  for k, x in ipairs(record.price) do
    prices[k] = x.kind == "need" and { need = { x.stage, x.of } }
      or (x.kind == "volume" or x.kind == "rule") and { [x.kind] = x.of }
      or { [x.kind] = { x.of, x.place, x.operator } }
  end
  add{ is = "relaxation", blocks = blocks, loose = loose, covers = groups(record.cover, 1),
    prices = prices }
end

--- The tree, each node before its sides. What a bound of its own closes needs no sides.
local function add_nodes(add, found, certified)
  local waiting, count = { { 1, 0 } }, 0
  while #waiting > 0 do
    local number, above, side = table.unpack(table.remove(waiting))
    local node, rounds, closed = found:node(number), {}, false
    for _, round in ipairs(node.rounds) do
      closed = closed or round.value >= certified
      rounds[#rounds + 1] = #round.multipliers > 0 and { at = figures(round.multipliers),
        costless = round.costless or nil } or nil
    end
    count = count + 1
    local line = { is = "node", node = count, above = above, side = side,
      rounds = #rounds > 0 and rounds or nil }
    if node.child and not closed then
      line.facility, line.stage = node.facility, node.stage
      line.options = node.stage and node.options or nil
      waiting[#waiting + 1] = { node.child + 1, count, "out" }
      waiting[#waiting + 1] = { node.child, count, "in" }
    end
    add(line)
  end
  return count
end

--- The bound as far as the multipliers prove it, in the sense of minimising: where they are so
--- large that rounding counts, less what it may come to.
local function proven(f, record, sign)
  local bound_there = sign * f.certified
  local rounding = 4e-14 * (record and record.size or 0)
  local counts = rounding > 1e-10 * math.max(1, math.abs(bound_there))
  return counts and bound_there - rounding or bound_there
end

--- The certificate of what was found for the lists that were given to core.locate. `names` (all
--- optional): name, unit, places, operators, stages, options, facilities, measures.
---@param t capmod.LocateParts
---@param core capmod.Locate
---@param found capmod.Plan  solved with `record`, or without a tree
---@param names table
---@param asked? number  the gap that was asked for
---@return string
function certificate.text(t, core, found, names, asked)
  local lines, sum, sign = {}, digest.new(), t.maximise and -1 or 1
  local function add(line)
    lines[#lines + 1] = json.line(line)
    sum:add(lines[#lines])
  end
  local function numbered(list, n)
    local words = {}
    for k = 1, n do words[k] = list and list[k] or tostring(k) end
    return words
  end
  add{ is = "certificate", of = "placement", version = 1, name = names.name or "placement",
    unit = names.unit, sense = t.maximise and "maximise" or "minimise",
    compounding = t.compounding or nil, places = numbered(names.places, t.places),
    operators = numbered(names.operators, t.operators) }
  add_facilities(add, t, names)
  add_stages(add, t, names)
  add_links(add, t)
  add_measures(add, t, names)
  local f, record = found:figures(), found:record()
  local own = not FOREIGN[f.method]
  local certified = own and proven(f, record, sign)
  add{ is = "plan", status = f.status, method = f.method, objective = f.objective,
    bound = not own and f.bound or nil, certified = own and sign * certified or nil,
    asked = asked or 1e-6,
    options = found:choice(core) }
  local count = 0
  if record and own then
    if #record.price > 0 or #record.block > 0 then add_relaxation(add, record) end
    count = add_nodes(add, found, certified)
  elseif f.method == "junction tree" then
    add{ is = "elimination" }
  elseif own then
    add{ is = "node", node = 1, above = 0 }
    count = 1
  end
  add{ is = "end", nodes = count, digest = sum:text() }
  lines[#lines + 1] = ""
  return table.concat(lines, "\n")
end

-- ---- of plans -----------------------------------------------------------------------------------

--- The author's names in the problem of a chain.
local function names_of(p)
  local t = p.problem.parts
  local names = { name = p.chain.name, unit = p.chain.unit, places = {}, operators = {},
    stages = {}, options = {}, facilities = {}, measures = { p.problem.objective } }
  for s in ipairs(t.count) do
    names.stages[s] = s == t.market and "(market)" or p.chain.list[s].name
  end
  for o, option in ipairs(t.list) do
    local place = option.none and "(not made)" or option.at
    if option.claim then place = place .. " (claiming origin)" end
    if option.recipe and p.chain.list[t.stage[o]].variants then
      place = ("%s (as %s)"):format(place, option.recipe)
    end
    names.options[o] = choices.label(option)
    names.places[t.place[o]] = place
    names.operators[t.operator[o]] = stage.party_text(option.party)
  end
  for f in ipairs(t.facilities.fixed) do
    names.facilities[f] = choices.facility(t.built[f] or {})
  end
  for n = 2, #t.measures.weight do names.measures[n] = ("(rule %d)"):format(n - 1) end
  for name, n in each(t.measures.named) do names.measures[n] = name end
  return names
end

--- The certificate of a plan, nil where what proves it was not kept.
---@param p table  the inside of a plan
---@return string?
function certificate.of(p)
  local kept = p.found:record() or WHOLE[p.fields.method] or FOREIGN[p.fields.method]
  if not kept then return nil end
  return certificate.text(p.problem.lists, p.problem.core, p.found, names_of(p), p.given.gap)
end

return certificate
