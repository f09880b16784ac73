--- What may not be parted, and what follows: the blocks of a chain, why each is one, what is left
--- to be traded between them, and what a place hosts whatever is chosen.
---
---     cm.chain{ ..., colocate = { "body", "assembly", why = "too big to ship apart" } }
---     print(bus:blocks())   print(bus:together("body", "assembly"))   print(bus:links())

local args = require "capmod.args"
local core = require "capmod.core"
local each = require "capmod.each"
local frame = require "capmod.frame"
local insides = require "capmod.chain.inside"
local net = require "capmod.chain.net"
local text = require "capmod.text"

local blocks = { methods = {} }

--- The pairs that the groups of `colocate` join: stage a[k] with b[k], and why.
local function joins(g)
  local a, b, why = {}, {}, {}
  for _, group in ipairs(g.chain.colocate or {}) do
    local reason = type(group.why) == "string" and group.why
      or "colocate: " .. net.some(group, 6)
    for m = 2, #group do
      local k = #a + 1
      a[k], b[k], why[k] = g.place[group[m - 1]], g.place[group[m]], reason
    end
  end
  return a, b, why
end

---@class cm.Block
---@field members integer[]
---@field places? string[]   where all of it may be; nil: nowhere
---@field value number       what it adds in one unit of the product
---@field why string[]
---@field between integer[]  stages that use it and go into it again

local function intersection(places, more)
  local kept, known = {}, {}
  for _, place in ipairs(more) do known[place] = true end
  for _, place in ipairs(places) do
    if known[place] then kept[#kept + 1] = place end
  end
  return kept
end

local function gather(g, of_stage, count)
  local list = {}
  for k = 1, count do list[k] = { members = {}, value = 0, why = {} } end
  for i, k in ipairs(of_stage) do
    local block, s = list[k], g.chain.list[i]
    table.insert(block.members, i)
    block.value = block.value + s.per_unit * g.own[i]
    if s.at then block.places = intersection(block.places or s.at, s.at) end
  end
  return list
end

--- Stages outside a block between two stages of it: what leaves it and comes back.
local function between(g, block)
  local inside, list = net.set(block.members), {}
  local down = net.set(g.graph:reach("down", block.members))
  for _, i in ipairs(g.graph:reach("up", block.members)) do
    if down[i] and not inside[i] then list[#list + 1] = i end
  end
  return list
end

--- The blocks of a chain, by contraction of the stages that `colocate` joins.
---@param g cm.Net
---@return cm.Block[] list, integer[] block of each stage
function blocks.of(g)
  local a, b, why = joins(g)
  local of_stage, count, merged = core.blocks(g.n, a, b)
  local list = gather(g, of_stage, count)
  for _, k in ipairs(merged) do
    local block = list[of_stage[a[k]]]
    if block.why[#block.why] ~= why[k] then table.insert(block.why, why[k]) end
  end
  for _, block in ipairs(list) do
    block.between = #block.members > 1 and between(g, block) or {}
  end
  return list, of_stage
end

--- "(worldwide)" and the like say that no place is known.
---@param place string
---@return boolean
function blocks.is_stated(place) return not place:find "^%(" end

--- What each place hosts whatever is chosen: the value of the blocks that may be nowhere else.
---@param list cm.Block[]
---@return { place: string, share: number }[] hosts, number total
function blocks.must_host(list)
  local hosted, total, out = {}, 0, {}
  for _, block in ipairs(list) do
    total = total + block.value
    if block.places and #block.places == 1 and blocks.is_stated(block.places[1]) then
      local place = block.places[1]
      hosted[place] = (hosted[place] or 0) + block.value
    end
  end
  for place, value in each(hosted) do
    out[#out + 1] = { place = place, share = total ~= 0 and value / total or 0 }
  end
  table.sort(out, function(p, q)
    if p.share ~= q.share then return p.share > q.share end
    return p.place < q.place
  end)
  return out, total
end

local function is_bound(g, of_stage, k) return of_stage[g.from[k]] == of_stage[g.to[k]] end

--- How many links lead from one block to another, so that they may be traded.
function blocks.tradable(g, of_stage)
  local count = 0
  for k = 1, #g.from do
    if not is_bound(g, of_stage, k) then count = count + 1 end
  end
  return count
end

local function consequences(g, list, of_stage)
  local lines, bound = {}, {}
  for _, host in ipairs(blocks.must_host(list)) do
    lines[#lines + 1] = ("%s hosts %s of the value whatever is chosen"):format(host.place,
      text.percent(host.share))
  end
  if #lines > 6 then lines = { table.unpack(lines, 1, 6) } end
  for k, i in ipairs(g.from) do
    if is_bound(g, of_stage, k) then
      bound[#bound + 1] = ("%s → %s"):format(g.chain.list[i].name, g.chain.list[g.to[k]].name)
    end
  end
  if #bound > 0 then lines[#lines + 1] = "may not be traded: " .. net.some(bound) end
  for k, block in ipairs(list) do
    if #block.between > 0 then
      lines[#lines + 1] = ("block %d ships to %s and gets it back"):format(k,
        net.some(net.names(g, block.between)))
    end
    if block.places and #block.places == 0 then
      lines[#lines + 1] = ("block %d has no place that all its stages may be in"):format(k)
    end
  end
  return lines
end

--- The blocks of stages that have to be in one place: where each may be, what it adds, and the
--- rules that made it one; below them what follows for trade. Stages that are not settled count
--- with the place where they add least.
---@return cm.Frame  columns: block, stages, members, places, value (chain's unit), share, why
function blocks.methods:blocks()
  local g, rows = net.of(insides.of(self)), {}
  local list, of_stage = blocks.of(g)
  local _, total = blocks.must_host(list)
  for k, block in ipairs(list) do
    rows[k] = { block = k, stages = #block.members,
      members = net.some(net.names(g, block.members)),
      places = block.places and table.concat(block.places, ", ") or nil, value = block.value,
      share = total ~= 0 and block.value / total or 0, why = table.concat(block.why, "; ") }
  end
  return frame{
    title = ("%s: %s of %s; %d of %s may be traded"):format(g.chain.name,
      text.count(#list, "block"), text.count(g.n, "stage"), blocks.tradable(g, of_stage),
      text.count(#g.from, "link")),
    unit = g.chain.unit, keys = { "block" }, rows = rows, bar = false, note = g.notes,
    cols = { "block", "stages", "members", "places", { "value", digits = 2 },
      { "share", format = "percent" }, "why" },
    check = consequences(g, list, of_stage),
  }
end

--- Why two stages have to be in one place: the fewest rules that lead from one to the other.
--- CM2002.
---@param one string
---@param other string
---@return cm.Frame  columns: step, stage, with, why; no rows where they may be parted
function blocks.methods:together(one, other)
  local g, rows = net.of(insides.of(self)), {}
  args.one(one, "together", "first stage", "string")
  args.one(other, "together", "second stage", "string")
  local at = net.places(g, { one, other }, "together", "stage")
  local a, b, why = joins(g)
  local here = at[1]
  for step, k in ipairs(core.joined(g.n, a, b, at[1], at[2])) do
    local there = a[k] == here and b[k] or a[k]
    rows[step] = { step = step, stage = g.chain.list[here].name,
      with = g.chain.list[there].name, why = why[k] }
    here = there
  end
  return frame{
    title = ("%s: '%s' and '%s' %s"):format(g.chain.name, one, other,
      (#rows > 0 or one == other) and "may not be parted" or "may be parted"),
    keys = { "step" }, rows = rows, cols = { "step", "stage", "with", "why" },
  }
end

--- What may become of link k: "bound" within a block, "traded" or "at home" (where places are
--- shared "partly traded") between settled places, "may be traded" where a choice is left.
---@param g cm.Net
---@param of_stage integer[]  the block of each stage
---@param k integer
---@return string
function blocks.trade(g, of_stage, k)
  if is_bound(g, of_stage, k) then return "bound" end
  local from, to = g.chain.list[g.from[k]].at, g.chain.list[g.to[k]].at
  if not from or not to or from.open or to.open then return "may be traded" end
  if not blocks.is_stated(from[1]) or not blocks.is_stated(to[1]) then return "place not stated" end
  if #from > 1 or #to > 1 then return "partly traded" end
  return from[1] == to[1] and "at home" or "traded"
end

--- The links of a chain: what goes into what, how much, what it is worth with all that went into it
--- (per unit of the product), and what may become of it in trade.
---@return cm.Frame  columns: from, to, quantity, times, value (chain's unit), trade, bridge
function blocks.methods:links()
  local g, rows = net.of(insides.of(self)), {}
  local _, of_stage = blocks.of(g)
  local _, list = g.graph:joints()
  local bridges = net.set(list)
  for k, i in ipairs(g.from) do
    local times = g.quantity[k] * g.chain.list[g.to[k]].per_unit
    rows[k] = { from = g.chain.list[i].name, to = g.chain.list[g.to[k]].name,
      quantity = g.quantity[k], times = times, value = times * g.worth[i],
      trade = blocks.trade(g, of_stage, k), bridge = bridges[k] or false }
  end
  return frame{
    title = ("%s: %s"):format(g.chain.name, text.count(#rows, "link")), unit = g.chain.unit,
    keys = { "from", "to" }, rows = rows, bar = false, note = g.notes,
    cols = { "from", "to", { "quantity", unit = "1" }, { "times", unit = "1", digits = 2 },
      { "value", digits = 2 }, "trade", { "bridge", kind = "boolean" } },
  }
end

return blocks
