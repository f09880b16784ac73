--- Models that come with capmod: countries with their figures, sectors, chains of real products.
---
---     local eth = cm.model.country "Ethiopia"
---     print(eth)   print(eth.wage, eth.tier)   print(eth:with{ wage = 1200 })
---     cm.chain{ places = { ETH = eth:place{ per = "hour" }, ... }, ... }
---     cm.chain{ places = cm.model.places{ "CHN", "ETH", per = "hour" }, ... }
---     print(cm.model.countries "BRICS")
---
---     print(cm.model.chains())   print(cm.model.chain "car":decompose())
---     local plant = cm.model.chain("power_plant", { host = "KEN", by = { "CHN", "KEN" },
---       places = { "KEN", "CHN", "DEU" }, trade = { freight = 0.06 } })
---     print(cm.model.sector "machinery")
---
--- A model in one Lua file of an author's own is made by cm.define.model. Errors CM313x.

local args = require "capmod.args"
local codes = require "capmod.codes"
local country = require "capmod.models.country"
local errors = require "capmod.errors"
local frame = require "capmod.frame"

local model = {}

--- A chain of a real product: what stages it has, what each costs, and by which industry. Without
--- `places` it stands as its source has it, each stage where the source has its cost. With `places`
--- (names, countries of cm.model.country, or as cm.chain takes them) its stages are open to all of
--- them, but what stands on a site is at the `host`, and `by` (else `home`) says who may carry that
--- out; what a stage costs elsewhere follows from wages and productivity there. Other fields are of
--- cm.chain (trade, market, volume, operators, modes, home, name); `stages` changes single ones as
--- chain:with does. Over every result stands where its costs are from, or that they are
--- illustrative. CM3133 no such chain, CM3135 host.
---@param name string
---@param t? { places: table?, host: string?, by: string|string[]|nil, stages: table? }
---@return cm.Chain
function model.chain(name, t) return require("capmod.models.chain").make(name, t) end

--- The chains that come with capmod: what each is of, and where its costs are from.
---@return cm.Frame
function model.chains() return require("capmod.models.chain").list() end

--- An industry of the WIOD of 2013 by code or name: what its output is made of, the technology tier
--- it needs, whether its output can be shipped. `s:stage(name, { cost =, base =, ... })` makes a
--- stage for cm.chain of what it costs in one country. CM1108.
---@param name string
---@return cm.Sector
function model.sector(name) return require("capmod.models.sector").of(name) end

--- A country by any name: its figures with year and source, and what of them is changed. It prints
--- them; `c.wage` is one, `c:place{}` what a chain asks, `c:experience{}`, `c:distance(other)`.
--- CM1101, CM3131 no figures, CM3132 a figure that cannot be.
---@param name string
---@param changes table?
---@return cm.Country
function model.country(name, changes) return country.of(name, changes) end

--- The places of a chain: cm.model.places{ "CHN", "ETH", per = "hour", money = 1e6 }. The fields
--- are those of country:place; an item is a name or a country made before. CM1002, CM1101, CM3131,
--- CM3132.
---@param t table
---@return table<string, table> places
function model.places(t)
  args.one(t, "places", "fields", "table")
  local fields, list = {}, {}
  for key, value in require "capmod.each"(t) do
    if type(key) == "number" then list[#list + 1] = value else fields[key] = value end
  end
  local places = {}
  if #list == 0 then
    errors.raise(1002, { message = "places: no country is named", object = "places",
      field = "item 1", fix = "cm.model.places{ \"CHN\", \"ETH\", per = \"hour\" }" })
  end
  for i, item in ipairs(list) do
    local c = args.one(item, "places", ("item %d"):format(i), "string", "Country")
    if type(c) == "string" then c = country.of(c) end
    places[c.code] = c:place(fields)
  end
  return places
end

local FIGURES_OF = 2019 -- the year of the figures, investment apart

--- Figures of countries side by side: a group, a selector ("BRICS_2010 + VNM") or a list; all by
--- default. A group without a year has the members that it had in the year of the figures, 2019;
--- who is in it stands above. CM1103, CM1106, CM1107.
---@param which string|string[]|nil
---@return cm.Frame  country, income, tier, wage, productivity, labour, gdp, investment
function model.countries(which)
  local found, rows = codes.select(which or "*", { universe = country.codes(), year = FIGURES_OF,
    object = "the figures of countries" }), {}
  for i, code in ipairs(found.codes) do
    local c = country.of(code)
    rows[i] = { country = code, income = c.income, tier = c.tier, wage = c.wage,
      productivity = c.productivity, labour = c.labour / 1e6, gdp = c.gdp / 1e9,
      investment = c.investment / 1e9 }
  end
  local note = {}
  if found.grouped then note[1] = found.members end
  if #found.missing > 0 then
    note[#note + 1] = "no figures of " .. table.concat(found.missing, ", ")
  end
  return frame{ title = "countries", keys = { "country" }, rows = rows, bar = false,
    note = note,
    cols = { { name = "country", kind = "country" }, { name = "income" },
      { name = "tier", digits = 0 }, { name = "wage", unit = "USD/year", digits = 0 },
      { name = "productivity", unit = "USA = 1", digits = 3 },
      { name = "labour", unit = "million", digits = 1 },
      { name = "gdp", unit = "USD bn", digits = 1 },
      { name = "investment", unit = "USD bn", digits = 1 } },
    check = "2019 (investment 2014); sources: print(cm.model.country \"ETH\")" }
end

return setmetatable(model, { __name = "capmod.model" })
