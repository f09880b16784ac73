--- A chain at a glance, and what stops when a part of it fails.

local args = require "capmod.args"
local blocks = require "capmod.chain.blocks"
local each = require "capmod.each"
local frame = require "capmod.frame"
local insides = require "capmod.chain.inside"
local net = require "capmod.chain.net"
local text = require "capmod.text"

local summary = { methods = {} }

-- ---- what fails ---------------------------------------------------------------------------------

--- Final products by number, with their share of the worth of all.
local function product_shares(g)
  local shares, total = {}, 0
  for _, i in ipairs(g.last) do
    shares[i] = g.chain.list[i].per_unit * g.worth[i]
    total = total + shares[i]
  end
  for _, i in ipairs(g.last) do shares[i] = total ~= 0 and shares[i] / total or 1 / #g.last end
  return shares
end

--- What stops with some stages: the stages after them, the products among these, their share.
local function stopped(g, shares, stages)
  local after, products, share = g.graph:reach("down", stages), 0, 0
  for _, i in ipairs(after) do
    if g.users[i] == 0 then products, share = products + 1, share + shares[i] end
  end
  return { stops = #after - #stages, products = products, share = share }
end

local function sources_of(s)
  local function count(places) return places and places.share and #places or 1 end
  return math.max(count(s.at), count(s.by))
end

local function by_stage(g, shares)
  local rows = {}
  for k, i in ipairs(g.graph:order()) do
    local row = stopped(g, shares, { i })
    row.stage, row.sources, rows[k] = g.chain.list[i].name, sources_of(g.chain.list[i]), row
    row.single = row.sources == 1
  end
  return rows
end

--- Stages by who has them: alone, or with others.
local function holders(g, field)
  local alone, shared = {}, {}
  for i, s in ipairs(g.chain.list) do
    local places = s[field] or s.at
    for _, place in ipairs(places or {}) do
      local list = #places == 1 and alone or shared
      alone[place], shared[place] = alone[place] or {}, shared[place] or {}
      table.insert(list[place], i)
    end
  end
  return alone, shared
end

local function by_holder(g, shares, field, name)
  local rows, alone, shared = {}, holders(g, field)
  for place, stages in each(alone) do
    local row = stopped(g, shares, stages)
    row[name], row.alone, row.shared = place, #stages, #shared[place]
    rows[#rows + 1] = row
  end
  return rows
end

local WAYS = { "stage", "country", "owner" }

local COLUMNS = {
  stage = { "stage", "stops", "products", { "share", format = "percent" }, "sources",
    { "single", kind = "boolean" } },
  country = { { "country", kind = "country" }, "alone", "shared", "stops", "products",
    { "share", format = "percent" } },
  owner = { { "owner", kind = "country" }, "alone", "shared", "stops", "products",
    { "share", format = "percent" } },
}

local function failure_rows(g, by)
  local shares = product_shares(g)
  if by == "stage" then return by_stage(g, shares) end
  return by_holder(g, shares, by == "owner" and "by" or "at", by)
end

local PLURAL = { stage = "single points of failure", country = "countries", owner = "owners" }

local function verdict(g, rows, by)
  local all = 0
  for _, row in ipairs(rows) do
    if row.products == #g.last and row.single ~= false then all = all + 1 end
  end
  local one = by == "stage" and "single point of failure" or by
  return ("%s that stop%s every product"):format(text.count(all, one, PLURAL[by]),
    all == 1 and "s" or "")
end

--- What stops when a stage fails, or all that a country or an owner does alone. A stage is a single
--- point where it has one place and one operator: a second source is one that the stage is shared
--- with (`at = { SGP = 0.5, TWN = 0.5 }`); of candidates one will be chosen.
---@param question? { by?: "stage"|"country"|"owner" }
---@return cm.Frame  columns: stage, stops (stages after it), products, share (of their worth),
---  sources, single; of a country or owner alone and shared (stages) instead
function summary.methods:failures(question)
  local g = net.of(insides.of(self))
  question = args.check("failures", question or {}, {
    by = { "string", about = table.concat(WAYS, ", ") } })
  local by = args.choice(question.by or "stage", "by", WAYS, "failures")
  local rows = failure_rows(g, by)
  for k, row in ipairs(rows) do row.place = k end
  table.sort(rows, function(a, b)
    if a.share ~= b.share then return a.share > b.share end
    if a.stops ~= b.stops then return a.stops > b.stops end
    return a.place < b.place
  end)
  for _, row in ipairs(rows) do row.place = nil end
  return frame{
    title = ("%s: what stops when one %s fails"):format(g.chain.name, by), keys = { by },
    rows = rows, cols = COLUMNS[by], bar = "share", check = verdict(g, rows, by),
    note = #g.last > 1 and g.notes or nil,
  }
end

-- ---- at a glance --------------------------------------------------------------------------------

local function places_of(g)
  local set, list = {}, {}
  for _, s in ipairs(g.chain.list) do
    for _, place in ipairs(s.at or {}) do set[place] = true end
  end
  for place in each(set) do list[#list + 1] = place end
  return list
end

local function open_stages(g)
  local names = {}
  for _, s in ipairs(g.chain.list) do
    if s.at and s.at.open or s.by and s.by.open then names[#names + 1] = s.name end
  end
  return names
end

local function deepest(levels)
  local most = 0
  for _, level in ipairs(levels) do most = math.max(most, level) end
  return most + 1
end

local function time_rows(g, add)
  local times, stated = {}, 0
  for i, s in ipairs(g.chain.list) do
    times[i] = s.lead_time or 0
    stated = stated + (s.lead_time and 1 or 0)
  end
  if stated == 0 then return end
  local length, path = g.graph:schedule(times)
  add("lead time", length, "days, from the first start to the last end")
  add("critical path", #path, "stages: " .. net.some(net.names(g, path)))
end

local function shape_rows(g, add)
  local _, parts = g.graph:parts()
  local pieces, bridges = g.graph:joints()
  local joints = {}
  for i, count in ipairs(pieces) do
    if count > 1 then joints[#joints + 1] = g.chain.list[i].name end
  end
  add("stages", g.n, "of which not settled: " .. #open_stages(g))
  add("links", #g.from, "of which bridges: " .. #bridges)
  add("first stages", #g.first, net.some(net.names(g, g.first)))
  add("final products", #g.last, net.some(net.names(g, g.last)))
  add("levels", deepest(g.graph:levels()), "from first stages to the last product")
  add("parts", parts, parts == 1 and "all hangs together" or "that no link joins")
  add("articulation points", #joints, net.some(joints))
  add("gates", #g.graph:gates(), "stages that every way passes")
end

local function place_rows(g, add)
  local list, of_stage = blocks.of(g)
  local places, hosts = places_of(g), blocks.must_host(list)
  add("places", #places, net.some(places))
  add("blocks", #list, "of stages that may not be parted")
  local rules = g.chain.nearby
  if #rules > 0 then
    local words = {}
    for n, rule in ipairs(rules) do words[n] = rule.text end
    add("near-by rules", #rules, table.concat(words, "; "))
  end
  add("links that may be traded", blocks.tradable(g, of_stage))
  if hosts[1] and #places > 1 then
    add("largest must-host share", hosts[1].share, ("of the value, by %s"):format(hosts[1].place))
  end
end

--- The chain at a glance: size, shape, time, places, treewidth.
---@return cm.Frame  columns: property, value, detail
function summary.methods:summary()
  local g, rows = net.of(insides.of(self)), {}
  local function add(property, value, detail)
    rows[#rows + 1] = { property = property, value = value, detail = detail }
  end
  shape_rows(g, add)
  time_rows(g, add)
  place_rows(g, add)
  local lower, degree, fill = g.graph:width()
  add("treewidth", math.min(degree, fill), lower == math.min(degree, fill) and "exactly"
    or ("at most; at least %d"):format(lower))
  local total = 0
  for i, s in ipairs(g.chain.list) do total = total + s.per_unit * g.own[i] end
  add("value added", total, g.chain.unit)
  return frame{ title = ("%s: the chain at a glance"):format(g.chain.name), keys = { "property" },
    rows = rows, cols = { "property", { "value", format = "mixed" }, "detail" }, bar = false,
    note = g.notes }
end

return summary
