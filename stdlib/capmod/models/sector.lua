--- A sector as a model: what its output is made of, what it needs, whether it can be shipped. Made
--- by cm.model.sector.

local args = require "capmod.args"
local codes = require "capmod.codes"
local country = require "capmod.models.country"
local each = require "capmod.each"
local errors = require "capmod.errors"
local frame = require "capmod.frame"
local store = require "capmod.frame.store"

local sector = {}

---@class cm.Sector
local methods = {}
local inside = setmetatable({}, { __mode = "k" })
local Sector = { __name = "cm.Sector" }

--- Technology classes of the OECD (2011), ISIC Rev. 3 technology intensity definition; the tier
--- that an operator needs is capmod's reading of them: high 3, medium-high 2, all others 1.
local INTENSITY = { c14 = "high", c9 = "medium-high", c13 = "medium-high", c15 = "medium-high",
  c8 = "medium-low", c10 = "medium-low", c11 = "medium-low", c12 = "medium-low", c3 = "low",
  c4 = "low", c5 = "low", c6 = "low", c7 = "low", c16 = "low" }
local TIER = { high = 3, ["medium-high"] = 2 }

--- What is done where it is used: utilities, construction, shops, hotels, dwellings, public and
--- personal services.
local ON_SITE = { c17 = true, c18 = true, c19 = true, c21 = true, c22 = true, c29 = true,
  c31 = true, c32 = true, c33 = true, c34 = true, c35 = true }

local SHARES = "shares of output: WIOD socio-economic accounts, July 2014 (Timmer and others 2015),"
  .. " medians of 40 countries, 2009"
local CLASSES = "technology class: OECD (2011), ISIC Rev. 3; tier: high 3, medium-high 2, others 1"

local function check_share(object, field, value)
  if value >= 0 and value <= 1 then return value end
  errors.raise(3134, { message = ("%s: %s = %s, not a share"):format(object, field,
    tostring(value)), object = object, field = field, value = value, fix = "0 to 1" })
end

local FIELDS = {
  labour = { "number", about = "labour compensation in output" },
  capital = { "number", about = "capital compensation in output" },
  inputs = { "number", about = "what is bought in, in output" },
  skilled = { "number", about = "high-skilled labour in labour compensation" },
  tier = { "number", about = "technology tier that an operator needs: 1 to 3" },
  on_site = { "boolean", about = "whether it is done where it is used" },
}

local function make(r)
  local object = setmetatable({}, Sector)
  inside[object] = r
  return object
end

--- A sector by a code or name of the WIOD of 2013. CM1108.
---@param name string
---@return cm.Sector
function sector.of(name)
  local code = codes.sector(name, "WIOD2013")
  local shares = require "capmod.data.sectors.facts"[code]
  return make{ code = code, labour = shares[1], capital = shares[2], inputs = shares[3],
    skilled = shares[4], intensity = INTENSITY[code], tier = TIER[INTENSITY[code]] or 1,
    on_site = ON_SITE[code] or false }
end

local function of(self)
  args.object(inside[self] ~= nil, "sector")
  return inside[self]
end

--- The same sector with some figures changed: labour, capital, inputs (shares of output, sum 1),
--- skilled, tier, on_site. CM3134 shares that are none, or do not add up.
---@param changes table
---@return cm.Sector
function methods:with(changes)
  local r = store.column_with(of(self), args.check("sector", changes, FIELDS))
  for _, field in ipairs{ "labour", "capital", "inputs", "skilled" } do
    check_share("sector " .. r.code, field, r[field])
  end
  local sum = r.labour + r.capital + r.inputs
  if math.abs(sum - 1) > 1e-3 then
    errors.raise(3134, { message = ("sector %s: labour, capital and inputs add up to %.4g"):format(
      r.code, sum), object = r.code, value = sum, fix = "give all three, with sum 1" })
  end
  r.changed = true
  return make(r)
end

local STAGE = { cost = { "number", required = true, about = "of one unit, in the chain's money" },
  base = { "string", "Country", required = true, about = "where that is what it costs" },
  money = { "number", about = "dollars in one of the chain's money: 1e6" },
  wages = { "number", about = "the part of the cost that is pay, in place of the sector's share" },
  capital = { "number", about = "the part that is capital" },
  materials = { "number", about = "the part that is bought in" },
  profit = { "number", about = "the part that is profit" } }

--- The parts of a cost: those that are stated, and the rest by the shares of the sector.
local function parts_of(r, name, given)
  local parts = { wages = given.wages, capital = given.capital, materials = given.materials,
    profit = given.profit }
  local shares = { wages = r.labour, capital = r.capital, materials = r.inputs }
  local left, open = given.cost, 0
  for part, value in each(parts) do
    if value ~= value or value < 0 then check_share(name, part, value) end
    left = left - value
  end
  for part, share in each(shares) do open = open + (parts[part] and 0 or share) end
  if left < -1e-9 * given.cost or open == 0 and left > 1e-9 * given.cost then
    errors.raise(3134, { message = ("%s: its parts leave %.6g of the cost %.6g"):format(name, left,
      given.cost), object = name, field = "cost", value = left,
      fix = "wages, capital, materials and profit add up to the cost" })
  end
  for part, share in each(shares) do
    parts[part] = parts[part] or math.max(0, left) * share / open
  end
  return parts
end

--- A stage of this sector for cm.chain, from what it costs in one country: labour by skill, in
--- years at the productivity of the United States, capital, materials and the tier it needs, so
--- that at `base` it costs just that, and elsewhere what wages and productivity make of it. Other
--- fields (at, by, uses, class, ...) go to the stage. CM1101, CM3132, CM3134.
---@param name string
---@param t table
---@return table stage
function methods:stage(name, t)
  local r = of(self)
  args.one(name, "stage", "name", "string")
  args.one(t, "stage", "fields", "table")
  local own, stage = {}, { name, sector = r.code, tier = r.tier }
  for field, value in each(t) do
    if STAGE[field] then own[field] = value else stage[field] = value end
  end
  args.check("stage '" .. name .. "'", own, STAGE)
  if not (own.cost >= 0 and own.cost < math.huge) then
    check_share(("stage '%s'"):format(name), "cost", own.cost)
  end
  local base = type(own.base) == "string" and country.of(own.base) or own.base
  local place = base:place{ money = own.money }
  local parts = parts_of(r, ("stage '%s'"):format(name), own)
  local function years(share, skill)
    return parts.wages * share * place.productivity / place.wage[skill]
  end
  stage.labour = parts.wages > 0 and { skilled = years(r.skilled, "skilled"),
    unskilled = years(1 - r.skilled, "unskilled") } or nil
  stage.capital, stage.materials = parts.capital, parts.materials
  stage.profit = parts.profit
  return stage
end

local ROWS = { { "labour", "labour compensation in output" }, { "skilled",
  "high-skilled labour in that" }, { "capital", "capital compensation in output" },
  { "inputs", "what is bought in, in output" }, { "tier", "technology tier it needs, 1 to 3" } }

function Sector:__tostring()
  local r, rows = inside[self], {}
  for _, row in ipairs(ROWS) do rows[#rows + 1] = { row[1], r[row[1]], row[2] } end
  return tostring(frame{ title = ("%s %s"):format(r.code, codes.sector_name(r.code, "WIOD2013")),
    keys = { "figure" }, rows = rows, bar = false, cols = { "figure", { name = "value",
      format = "mixed" }, "about" }, note = { r.on_site and "done where it is used"
      or "can be shipped", r.intensity and ("technology class: %s"):format(r.intensity) },
    check = r.changed and "changed by the author" or { SHARES, CLASSES } })
end

function Sector:__index(key)
  if methods[key] then return methods[key] end
  local r = inside[self]
  if key == "name" then return codes.sector_name(r.code, "WIOD2013") end
  if FIELDS[key] or key == "code" or key == "intensity" then return r[key] end
  args.no_such("a sector", key, r.code, { "code", "name", "intensity" }, methods, FIELDS)
end

function Sector.__newindex()
  errors.raise(1505, { message = "a sector does not change", object = "sector",
    fix = "make another: s:with{ ... }" })
end

--- What a result that rests on shares of sectors says.
sector.note = "labour, capital and inputs by industry (WIOD, medians of 2009); pay and "
  .. "productivity of 2019"

return sector
