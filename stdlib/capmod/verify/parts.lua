--- The parts into which a certificate says that the relaxation of an additive problem falls:
--- blocks of stages, links between them, which of those are loose, facilities that cover one
--- demand, what multipliers price. Each is checked against the problem, so that any multipliers
--- on the right side of 0 give a bound.

local problem = require "capmod.verify.problem"

local wrong, index, list = problem.wrong, problem.index, problem.list

local parts = {}

local function find(root, s)
  while root[s] ~= s do s = root[s] end
  return s
end

-- ---- blocks -------------------------------------------------------------------------------------

--- The first stage of the block of each, and which stages mind operators. Stages of one block
--- stand together: joins of the problem hold them, and none minds operators.
local function read_blocks(q, line)
  local block, root = {}, {}
  for s in ipairs(q.stages) do block[s], root[s] = s, s end
  for _, members in ipairs(list(line.blocks or {}, "blocks")) do
    for _, s in ipairs(list(members, "a block")) do
      if block[index(s, #q.stages, "stage")] ~= s then wrong("a stage is in two blocks") end
      block[s] = members[1]
    end
  end
  for _, join in ipairs(q.joins) do
    if block[join[1]] == block[join[2]] then root[find(root, join[1])] = find(root, join[2]) end
  end
  local minds = {}
  for _, arc in ipairs(q.arcs) do
    if arc.interface then minds[arc.from], minds[arc.to] = true, true end
  end
  for s in ipairs(q.stages) do
    local lead = block[s]
    if find(root, s) ~= find(root, lead) then wrong("a block of stages that are not joined") end
    if s ~= lead and (minds[s] or minds[lead]) then wrong("operators matter within a block") end
  end
  return block, minds
end

--- States of a block: the places (with operators, where they matter) at which all its stages have
--- an option, by their numbers.
local function states_of(q, one)
  local seen, last, cells = {}, {}, {}
  for _, s in ipairs(one.stages) do
    for o = q.stages[s].first, q.stages[s].last do
      local option = q.options[o]
      local cell = one.wide and (option.place - 1) * #q.operators + option.operator or option.place
      option.cell = cell
      if last[cell] ~= s then seen[cell], last[cell] = (seen[cell] or 0) + 1, s end
    end
  end
  for cell, count in next, seen do -- any order
    if count == #one.stages then cells[#cells + 1] = cell end
  end
  table.sort(cells)
  one.state, one.place, one.operator = {}, {}, {}
  for i, cell in ipairs(cells) do
    one.state[cell] = i
    one.place[i] = one.wide and (cell - 1) // #q.operators + 1 or cell
    one.operator[i] = one.wide and (cell - 1) % #q.operators + 1 or 1
  end
  one.n = #cells
  for _, s in ipairs(one.stages) do
    for o = q.stages[s].first, q.stages[s].last do
      q.options[o].state = one.state[q.options[o].cell]
    end
  end
end

local function make_blocks(q, line)
  local lead, minds = read_blocks(q, line)
  local blocks, number = {}, {}
  for s in ipairs(q.stages) do
    local b = number[lead[s]]
    if not b then
      b = { stages = {}, wide = minds[s] or false, number = #blocks + 1 }
      blocks[#blocks + 1], number[lead[s]] = b, b
    end
    table.insert(b.stages, s)
    q.stages[s].block = b
  end
  for _, b in ipairs(blocks) do
    states_of(q, b)
    b.inner = {}
    for i = 1, b.n do b.inner[i] = 0 end
  end
  return blocks
end

-- ---- links --------------------------------------------------------------------------------------

local function arc_cost(q, arc, a, i, b, j)
  return problem.arrives(q, arc, 0, a.place[i], a.operator[i], b.place[j], b.operator[j])
end

--- The link between two blocks, made where it is not there: cost[i][j], of the block with the
--- lower number first.
local function link_of(links, a, b)
  local key = a.number .. " " .. b.number
  local l = links[key]
  if l then return l end
  l = { a = a, b = b, cost = {} }
  for i = 1, a.n do
    l.cost[i] = {}
    for j = 1, b.n do l.cost[i][j] = 0 end
  end
  links[key], links[#links + 1] = l, l
  return l
end

local function make_links(q)
  local links = {}
  for _, arc in ipairs(q.arcs) do
    local from, to = q.stages[arc.from].block, q.stages[arc.to].block
    if from == to then
      for i = 1, from.n do
        from.inner[i] = from.inner[i] + arc_cost(q, arc, from, i, to, i)
      end
    elseif arc.add or arc.interface then
      local turned = from.number > to.number
      local l = link_of(links, turned and to or from, turned and from or to)
      for i, row in ipairs(l.cost) do
        for j in ipairs(row) do
          row[j] = row[j] + (turned and arc_cost(q, arc, from, j, to, i)
            or arc_cost(q, arc, from, i, to, j))
        end
      end
    end
  end
  for _, join in ipairs(q.joins) do
    local a, b = q.stages[join[1]].block, q.stages[join[2]].block
    if a.number > b.number then a, b = b, a end
    for i, row in ipairs(a ~= b and link_of(links, a, b).cost or {}) do
      for j in ipairs(row) do
        if a.place[i] ~= b.place[j] then row[j] = math.huge end
      end
    end
  end
  return links
end

local function turned(l)
  local cost = {}
  for j = 1, l.b.n do
    cost[j] = {}
    for i = 1, l.a.n do cost[j][i] = l.cost[i][j] end
  end
  return cost
end

--- Hangs the blocks of the forest on one another: r.order from the leaves on, each but a root with
--- `above` and the `cost` of its states to those.
local function hang(r)
  local at, seen, head = {}, {}, 1
  for _, b in ipairs(r.blocks) do at[b] = {} end
  for _, l in ipairs(r.forest) do
    table.insert(at[l.a], l)
    table.insert(at[l.b], l)
  end
  local order = {}
  for _, root in ipairs(r.blocks) do
    if not seen[root] then
      order[#order + 1], seen[root] = root, true
      while head <= #order do
        local b = order[head]
        head = head + 1
        for _, l in ipairs(at[b]) do
          local other = l.a == b and l.b or l.a
          if not seen[other] then
            seen[other], other.above = true, b
            other.cost = other == l.a and l.cost or turned(l)
            order[#order + 1] = other
          elseif b.above ~= other then
            wrong("links that are not loose close a circle")
          end
        end
      end
    end
  end
  r.order = {}
  for k = #order, 1, -1 do r.order[#r.order + 1] = order[k] end
end

local function part_links(q, r, line)
  local links, loose = make_links(q), {}
  r.loose, r.forest = {}, {}
  for k, pair in ipairs(list(line.loose or {}, "loose links")) do
    local a = q.stages[index(list(pair, "a link")[1], #q.stages, "stage")].block
    local b = q.stages[index(pair[2], #q.stages, "stage")].block
    local l = links[a.number .. " " .. b.number]
    if not l or loose[l] then wrong("a loose link that is none") end
    loose[l], r.loose[k] = true, l
  end
  for _, l in ipairs(links) do
    if not loose[l] then r.forest[#r.forest + 1] = l end
  end
  hang(r)
end

-- ---- facilities and prices ----------------------------------------------------------------------

local function read_covers(q, r, line)
  r.cover, r.covers, r.covered = {}, {}, {}
  for y, members in ipairs(list(line.covers or {}, "covers")) do
    r.covers[y] = list(members, "a cover")
    for _, f in ipairs(members) do
      local one = q.facilities[index(f, #q.facilities, "facility")]
      if one.parent or r.cover[f] then wrong("a facility that cannot cover") end
      r.cover[f] = y
    end
  end
  for o, option in ipairs(q.options) do
    local sums = {}
    for y in ipairs(r.covers) do sums[y] = 0 end
    for k = 1, #option.needs, 2 do
      local y = r.cover[option.needs[k]]
      if y then sums[y] = sums[y] + option.needs[k + 1] end
    end
    r.covered[o] = sums
  end
end

--- Whether option o needs facility f, but none that f opens with.
local function needs_itself(q, o, f)
  local needs, itself = q.options[o].needs, false
  for k = 1, #needs, 2 do
    itself = itself or needs[k] == f
    local g = q.facilities[needs[k]].parent
    while g do
      if g == f then return false end
      g = q.facilities[g].parent
    end
  end
  return itself
end

local function price_option(r, o, k, coefficient)
  if coefficient == 0 then return end
  local list_of = r.priced[o]
  list_of[#list_of + 1], list_of[#list_of + 2] = k, coefficient
end

local add_price = {}

--- Of options of a stage that need a facility, and no other that opens with it.
function add_price.need(q, r, k, of)
  local s = q.stages[index(of[1], #q.stages, "stage")]
  local f = index(of[2], #q.facilities, "facility")
  for o = s.first, s.last do
    if needs_itself(q, o, f) then
      price_option(r, o, k, 1)
      table.insert(r.pays[o], k)
    end
  end
  r.low[k] = 0
  table.insert(r.opened_by[f], k)
end

function add_price.volume(q, r, k, of)
  local f = index(of[1], #q.facilities, "facility")
  if r.volume[f] then wrong("two prices of one volume") end
  r.volume[f], r.unit[k] = k, q.facilities[f].capacity
  if r.unit[k] == math.huge then
    r.unit[k] = (q.facilities[f].points[1] or wrong "a price of a volume that is free")[1]
  end
  for o, option in ipairs(q.options) do
    for j = 1, #option.needs, 2 do
      if option.needs[j] == f then price_option(r, o, k, option.needs[j + 1]) end
    end
  end
end

function add_price.rule(q, r, k, of)
  local m = index(of[1], #q.measures, "measure")
  if m == 1 or r.rule[m] then wrong("a price of no rule") end
  r.rule[m] = k
  for _, bound in ipairs{ q.measures[m].lower, q.measures[m].upper } do
    if math.abs(bound) < math.huge then r.unit[k] = math.max(r.unit[k] or 0, math.abs(bound)) end
  end
  for o, option in ipairs(q.options) do
    for j = 1, #option.adds, 2 do
      if option.adds[j] == m then price_option(r, o, k, option.adds[j + 1]) end
    end
  end
  if q.measures[m].lower == -math.huge then r.low[k] = 0 end
  if q.measures[m].upper == math.huge then r.high[k] = 0 end
end

local function add_copy(r, k, of, side)
  local l = r.loose[index(of[1], #r.loose, "loose link")]
  local b = l[side]
  local state
  for i = 1, b.n do
    if b.place[i] == of[2] and b.operator[i] == (of[3] or 1) then state = i end
  end
  if not state or l["price_" .. side][state] then wrong("a price of no state") end
  l["price_" .. side][state] = k
end

local function read_prices(q, r, line)
  r.priced, r.pays, r.volume, r.rule, r.low, r.high = {}, {}, {}, {}, {}, {}
  r.opened_by, r.unit = {}, {}
  for o in ipairs(q.options) do r.priced[o], r.pays[o] = {}, {} end
  for f in ipairs(q.facilities) do r.opened_by[f] = {} end
  for _, l in ipairs(r.loose) do l.price_a, l.price_b = {}, {} end
  for k, price in ipairs(list(line.prices or {}, "prices")) do
    list(price, "a price")
    if price.from or price.to then
      add_copy(r, k, list(price.from or price.to, "a price"), price.from and "a" or "b")
    else
      local kind = price.need and "need" or price.volume and "volume" or price.rule and "rule"
      if not kind then wrong("a price of nothing") end
      local of = price[kind]
      add_price[kind](q, r, k, type(of) == "table" and of or { of })
    end
    r.count = k
  end
  for _, l in ipairs(r.loose) do
    if #l.price_a < l.a.n or #l.price_b < l.b.n then wrong("a state without its price") end
  end
end

--- The relaxation of a problem as the line of a certificate says it.
---@param q cm.verify.Problem
---@param line table
---@return table
function parts.new(q, line)
  local r = { q = q, count = 0, sums = setmetatable({}, { __mode = "k" }) }
  r.blocks = make_blocks(q, line)
  part_links(q, r, line)
  read_covers(q, r, line)
  read_prices(q, r, line)
  return r
end

return parts
