--- Rows of an answer by country and sector: what they are called, and which nodes each sums.

local args = require "capmod.args"
local each = require "capmod.each"
local errors = require "capmod.errors"
local places = require "capmod.mrio.places"

local rows = {}

rows.SIDES = {
  country = { "string", "list", about = "countries: a group together, a list each item" },
  sector = { "string", "list", about = "sectors: a group together, a list each item" },
  by = { "string", "list", about = "country (default), sector, or both" },
}

--- The fields of a verb: these, and what else it takes.
function rows.fields(more)
  local all = {}
  for name, rule in each(rows.SIDES) do all[name] = rule end
  for name, rule in each(more) do all[name] = rule end
  return all
end

--- The items of a side: label and members; nil where the side was not named.
local function items_of(given, choose)
  if given == nil then return nil end
  local items, notes = {}, {}
  for k, item in ipairs(type(given) == "table" and given or { given }) do
    local found = choose(item)
    items[k] = { label = found.title, list = found.list }
    table.move(found.notes, 1, #found.notes, #notes + 1, notes)
  end
  return items, notes
end

local function one_by_one(labels)
  local items = {}
  for i, label in ipairs(labels) do items[i] = { label = label, list = { i } } end
  return items
end

local function apart(items, labels)
  if not items then return one_by_one(labels) end
  local single = {}
  for _, item in ipairs(items) do
    if #item.list == #labels then return one_by_one(labels) end
    single[#single + 1] = item
  end
  return single
end

---@class capmod.Rows
---@field keys string[]
---@field cols table[]
---@field cells table[]      the key cells of each row
---@field members table[]    the countries and sectors of each row
---@field countries table[]  the items of the one side, label and list; the rows are their products
---@field sectors table[]    those of the other
---@field notes string[]

--- Rows by country and sector: every combination of the items asked for.
---@param s table
---@param t { country: any, sector: any, by: any }
---@param object string
---@return capmod.Rows
function rows.by(s, t, object)
  local has = {}
  local by = t.by or (t.sector and not t.country and "sector" or "country")
  for _, key in ipairs(type(by) == "table" and by or { by }) do
    has[args.choice(key, "by", { "country", "sector" }, object)] = true
  end
  has.country = has.country or type(t.country) == "table"
  has.sector = has.sector or type(t.sector) == "table"
  local countries, notes = items_of(t.country, function(x) return places.countries(s, x) end)
  local sectors, more = items_of(t.sector, function(x) return places.sectors(s, x) end)
  local all_c = { { label = "*", list = places.countries(s, "*").list } }
  local all_s = { { label = "*", list = places.sectors(s, "*").list } }
  local r = { keys = {}, cols = {}, cells = {}, members = {}, notes = notes or {} }
  table.move(more or {}, 1, #(more or {}), #r.notes + 1, r.notes)
  countries = has.country and apart(countries, s.countries) or countries or all_c
  sectors = has.sector and apart(sectors, s.sectors) or sectors or all_s
  if has.country then
    r.keys[1], r.cols[1] = "country", { name = "country", kind = "country" }
  end
  if has.sector then
    r.keys[#r.keys + 1] = "sector"
    r.cols[#r.cols + 1] = { name = "sector", kind = "sector", names = s.class and s.class.names }
  end
  r.countries, r.sectors = countries, sectors
  for _, c in ipairs(countries) do
    for _, k in ipairs(sectors) do
      r.cells[#r.cells + 1] = { country = has.country and c.label or nil,
        sector = has.sector and k.label or nil }
      r.members[#r.members + 1] = { countries = c.list, sectors = k.list }
    end
  end
  return r
end

--- The group of each node in as few layers as keep rows that overlap apart.
local function layers_of(s, r)
  local n, layers = #s.sectors, {}
  for k, member in ipairs(r.members) do
    local fit
    for _, layer in ipairs(layers) do
      local free = true
      for _, c in ipairs(member.countries) do
        for _, i in ipairs(member.sectors) do free = free and layer[(c - 1) * n + i] == 0 end
      end
      if free then fit = layer break end
    end
    if not fit then
      fit = {}
      for i = 1, #s.nodes do fit[i] = 0 end
      layers[#layers + 1] = fit
    end
    for _, c in ipairs(member.countries) do
      for _, i in ipairs(member.sectors) do fit[(c - 1) * n + i] = k end
    end
  end
  return layers
end

--- The rows of a matrix over nodes summed by the rows of the answer.
---@param s table
---@param r capmod.Rows
---@param matrix Matrix
---@return Matrix
function rows.sum(s, r, matrix)
  local labels, sum = {}, nil
  for k = 1, #r.members do labels[k] = tostring(k) end
  r.layers = r.layers or layers_of(s, r)
  for _, layer in ipairs(r.layers) do
    local part = matrix:group("row", layer, labels)
    sum = sum and sum + part or part
  end
  return sum
end

--- The most rows that an answer may have.
rows.MOST = 1000000

--- Refuses an answer that would have more rows than a frame is for. CM1650.
---@param count integer
---@param object string
---@param fix string
function rows.guard(count, object, fix)
  if count <= rows.MOST then return end
  errors.raise(1650, { message = ("%s: the answer would have %d rows, more than %d"):format(object,
    count, rows.MOST), object = object, field = "by", fix = fix })
end

--- Notes as lines.
---@param notes string[]
---@return string[]
function rows.wrapped(notes)
  local lines = {}
  for _, note in ipairs(notes) do
    for _, line in ipairs(places.wrap(note, 92)) do lines[#lines + 1] = line end
  end
  return lines
end

return rows
