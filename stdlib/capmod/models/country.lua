--- A country as a model: what is known of it with year and source, and what a chain asks of it as a
--- place. Made by cm.model.country.

local args = require "capmod.args"
local codes = require "capmod.codes"
local data = require "capmod.data.countries"
local each = require "capmod.each"
local errors = require "capmod.errors"
local frame = require "capmod.frame"
local insides = require "capmod.chain.inside"
local text = require "capmod.text"

local country = {}

---@class cm.Country
---@field code string              CHN
---@field name string
---@field income string?           class of the World Bank
---@field tier integer?            1 low, 2 medium, 3 high technology
---@field wage number?             USD a year of a person engaged
---@field skilled number?          pay an hour over the average
---@field unskilled number?
---@field earnings number?         of employees, PPP USD of 2021 a month
---@field productivity number?     USA = 1
---@field labour number?           persons engaged
---@field labour_share number?
---@field population number?
---@field gdp number?              USD
---@field investment number?       gross fixed capital formation, USD
---@field capital string?
---@field latitude number?
---@field longitude number?
---@field tariff number|table|nil  duties on what comes in, where they are stated
---@field outside number?          what it has without a deal, where it is stated
local methods = {}
local inside = setmetatable({}, { __mode = "k" })
local Country = { __name = "cm.Country" }

local INCOME_YEAR, HOURS = 2019, 2000

--- The technology tier where nothing but income is known: the cautious reading of what
--- complexity:tiers takes as its upper bound.
local TIER = { ["low income"] = 1, ["lower middle income"] = 1, ["upper middle income"] = 2,
  ["high income"] = 3 }

--- Figures under another name, which with{ investment = "article" } takes: those of the article on
--- production capacity cooperation that capmod follows.
local ALTERNATIVES = { investment = { article = { CHN = 4.6e12, USA = 3.2e12 } } }

local FIGURES = { { "income", nil, "class of the World Bank" },
  { "tier", "1 to 3", "technology: low, medium, high" } }
for _, figure in ipairs(data.figures) do FIGURES[#FIGURES + 1] = figure end
FIGURES[#FIGURES + 1] = { "tariff", "of value", "duties on what comes in" }
FIGURES[#FIGURES + 1] = { "outside", nil, "what it has without a deal" }

local FIELDS = { source = { "string", about = "where the changed figures are from" },
  year = { "integer", about = "the year of the changed figures" },
  complexity = { "Complexity", about = "whose tiers() settle the technology tier" } }
for _, figure in ipairs(FIGURES) do
  FIELDS[figure[1]] = { "number", "string", about = figure[3] }
end
FIELDS.tariff = { "number", "table",
  about = "0.05, or { others = 0.03, shirts = 0.165, from = { MEX = 0 } }" }
FIELDS.outside = { "number", about = "what it has without a deal, in the deal's money" }

-- ---- what is known ------------------------------------------------------------------------------

local known
local function facts_of(name, changed)
  known = known or data.read()
  local code = codes.country(name)
  local facts = {}
  for figure, fact in pairs(known[code] or {}) do facts[figure] = fact end -- any order
  local income, year = codes.income(code, INCOME_YEAR)
  if income then
    facts.income = { value = income, year = year, source = "income" }
    facts.tier = { value = TIER[income], year = year,
      source = "capmod: by income alone (low and lower middle 1, upper middle 2, high 3)" }
  end
  if not known[code] and not changed then
    errors.raise(3131, { message = ("no figures of %s come with capmod"):format(codes.label(code)),
      object = "country", field = code, fix = "state them: cm.model.country(\"" .. code
        .. "\", { wage = 9000, investment = 2e10, ... })" })
  end
  return code, facts
end

--- The figure of a country under a name; CM3132 where there is none.
local function alternative(code, figure, name)
  local list, names = ALTERNATIVES[figure] or {}, {}
  local value = list[name] and list[name][code]
  if value then
    return { value = value, source = ("named alternative '%s': the figure of the article that "
      .. "capmod follows, not of the national accounts"):format(name) }
  end
  for known_name, by in each(list) do
    for of in each(by) do names[#names + 1] = ("\"%s\" for %s"):format(known_name, of) end
  end
  errors.raise(3132, { message = ("%s of %s: there is no alternative '%s'"):format(figure, code,
    name), object = code, field = figure, fix = #names > 0 and "there are "
      .. table.concat(names, ", ") or "state a number" })
end

local TEXTS = { income = true, capital = true }

local LEAST = { latitude = -180, longitude = -180, outside = -math.huge }

local function check_number(code, figure, value)
  local least = LEAST[figure] or 0
  if type(value) == "number" and value >= least and value < math.huge then return end
  errors.raise(3132, { message = ("%s of %s is %s"):format(figure, code,
    type(value) == "table" and "a list or a table" or tostring(value)), object = code,
    field = figure,
    value = type(value) == "number" and value or nil,
    fix = ("%s: a finite number%s"):format(FIELDS[figure].about,
      least > -math.huge and (", at least %d"):format(least) or "") })
end

--- A copy of duties as a chain takes them, whose exporters are codes. CM1101, CM3132.
local function duties_of(code, given, of_one)
  if type(given) ~= "table" then
    check_number(code, "tariff", given)
    return given
  end
  local duties = {}
  for name, value in each(given) do
    if name == "from" and type(value) == "table" and not of_one then
      duties.from = {}
      for partner, part in each(value) do
        duties.from[codes.country(partner)] = duties_of(code, part, true)
      end
    else
      check_number(code, "tariff", type(name) == "string" and value or given)
      duties[name] = value
    end
  end
  return duties
end

local function overlay(code, facts, changes)
  local new = {}
  for figure, fact in pairs(facts) do new[figure] = fact end -- any order
  for figure, value in each(changes) do
    if TEXTS[figure] then
      args.one(value, code, figure, "string")
      new[figure] = { value = value, year = changes.year, source = changes.source or "stated" }
    elseif type(value) == "string" and figure ~= "source" then
      new[figure] = alternative(code, figure, value)
    elseif figure == "tariff" then
      new[figure] = { value = duties_of(code, value), year = changes.year,
        source = changes.source or "stated" }
    elseif FIELDS[figure][1] == "number" then
      check_number(code, figure, value)
      new[figure] = { value = value, year = changes.year, source = changes.source or "stated" }
    end
  end
  if changes.complexity then
    local row = changes.complexity:tiers():where(function(r) return r.country == code end)[1]
    if not (row and row.tier) then
      errors.raise(3132, { message = ("the exports say nothing of the tier of %s"):format(code),
        object = code, field = "complexity", fix = "state it: tier = 2" })
    end
    new.tier = { value = row.tier, source = ("capmod: the lesser of the third of ECI (%d) and what "
      .. "'%s' allows"):format(row.third, row.income) }
  elseif changes.income and not changes.tier then
    new.tier = nil
  end
  return new
end

local function make(code, facts)
  local object = setmetatable({}, Country)
  inside[object] = { code = code, facts = facts }
  return object
end

--- A country by any name, with what is changed of it. CM1101, CM3131, CM3132.
---@param name string
---@param changes table?
---@return cm.Country
function country.of(name, changes)
  args.one(name, "country", "name", "string")
  changes = args.check("country", changes or {}, FIELDS)
  local code, facts = facts_of(name, next(changes) ~= nil)
  return make(code, overlay(code, facts, changes))
end

local function of(self)
  args.object(inside[self] ~= nil, "country")
  return inside[self]
end

--- The code of a country. CM1101.
function country.code(name) return codes.country(name) end

--- The countries of which figures are shipped, sorted.
---@return string[]
function country.codes()
  known = known or data.read()
  local list = {}
  for code in each(known) do list[#list + 1] = code end
  return list
end

-- ---- verbs --------------------------------------------------------------------------------------

--- The same country with some figures changed: c:with{ wage = 1200, source = "ministry", year =
--- 2024 }. `investment = "article"` takes a named alternative, `complexity` a cm.complexity whose
--- tiers() settle the tier. `tariff`, its duties on what comes in, by stage, duty_class or sector,
--- on `others` and `from` single countries, and `outside`, what it has without a deal (in the money
--- of the deal), are of nobody's figures: where nothing is stated there are none. CM3132.
---@param changes table
---@return cm.Country
function methods:with(changes)
  local r = of(self)
  args.one(changes, "with", "fields", "table")
  args.check("country", changes, FIELDS)
  return make(r.code, overlay(r.code, r.facts, changes))
end

--- A figure, or each duty of a tariff by its dotted name: show(name, text).
local function spell(name, value, show)
  if type(value) == "table" then
    for key, part in each(value) do spell(("%s.%s"):format(name, key), part, show) end
  else
    show(name, type(value) == "string" and value
      or text.number(value, text.number_style({ value }, 1)))
  end
end

--- The figures with unit, year and source, one a row.
---@return cm.Frame  figure, value, unit, year, source
function methods:figures()
  local r = of(self)
  local rows, sources, at = {}, {}, {}
  for _, figure in ipairs(FIGURES) do
    local fact = r.facts[figure[1]]
    if fact then
      local source = data.sources[fact.source] or fact.source
      if not at[source] then
        sources[#sources + 1] = ("[%d] %s"):format(#sources + 1, source)
        at[source] = ("[%d]"):format(#sources)
      end
      spell(figure[1], fact.value, function(name, value)
        rows[#rows + 1] = { figure = name, value = value, unit = figure[2], year = fact.year,
          source = at[source], about = figure[3] }
      end)
    end
  end
  return frame{ title = codes.label(r.code), keys = { "figure" }, rows = rows, bar = false,
    check = sources, cols = { "figure", "value", "unit", { name = "year", digits = 0 }, "source",
      "about" } }
end

local PER = { year = 1, month = 12, hour = HOURS }

local PLACE = {
  per = { "string", about = "of the labour that stages state: year (default), month, hour" },
  money = { "number", about = "how many dollars are one of the chain's: 1e6" },
  productivity = { "number", about = "in place of that of the whole economy" },
}

local function need(r, figure)
  local fact = r.facts[figure]
  return fact and fact.value or errors.raise(3132, { message = ("no %s of %s is known"):format(
    figure, codes.label(r.code)), object = r.code, field = figure,
    fix = ("state it: country:with{ %s = ... }"):format(figure) })
end

--- What a chain says of a place: places = { ETH = c:place{ per = "hour" } }, or places = { ETH = c
--- } for labour in years. Wages by skill, productivity (by which labour is divided), tier, and
--- where they are stated duties and what it has without a deal. Labour is what the stages state at
--- the productivity of the United States; an hour is a 2000th of a year. CM3132.
---@param t { per: "year"|"month"|"hour"|nil, money: number?, productivity: number? }?
---@return table place
function methods:place(t)
  local r = of(self)
  t = args.check("place", t or {}, PLACE)
  local per = PER[args.choice(t.per or "year", "per", { "year", "month", "hour" }, "place")]
  if t.money and not (t.money > 0 and t.money < math.huge) then
    errors.raise(3132, { message = ("place: money = %s"):format(text.short(t.money)),
      object = "place", field = "money", fix = PLACE.money.about })
  end
  local wage = need(r, "wage") / per / (t.money or 1)
  return { wage = { skilled = wage * need(r, "skilled"), unskilled = wage * need(r, "unskilled") },
    productivity = t.productivity or need(r, "productivity"), tier = need(r, "tier"),
    tariff = self.tariff, outside = self.outside }
end

--- What a chain says of an operator from there where the country is no place of the chain:
--- productivity and tier of its firms, and what it has without a deal. CM3132.
---@return table operator
function methods:operator()
  local r = of(self)
  return { productivity = need(r, "productivity"), tier = need(r, "tier"), outside = self.outside }
end

--- Units of something that a country made before, read from its fixed investment: investment x
--- `share` (of it that goes into these) x `years` / `price` (USD a unit). Each is the author's; of
--- two rivals with the same ones only the ratio of investments is left. CM3132.
---@param t { share: number, price: number, years: number }
---@return number units
function methods:experience(t)
  local r = of(self)
  args.check("experience", t, {
    share = { "number", required = true, about = "of fixed investment that goes into it: 0.01" },
    price = { "number", required = true, about = "USD a unit" },
    years = { "number", required = true, about = "of investment at this rate" } })
  for name, value in each(t) do
    if not (value > 0 and value < math.huge) then
      errors.raise(3132, { message = ("experience: %s = %s"):format(name, text.short(value)),
        object = "experience", field = name, fix = "a positive number" })
    end
  end
  return need(r, "investment") * t.share * t.years / t.price
end

--- Kilometres along the great circle from one seat of government to the other, on a sphere of
--- 6371 km (haversine). CM3132.
---@param other cm.Country|string
---@return number km
function methods:distance(other)
  local a = of(self)
  local b = type(other) == "string" and inside[country.of(other)] or of(other)
  local lat1, lat2 = math.rad(need(a, "latitude")), math.rad(need(b, "latitude"))
  local turn = math.rad(need(b, "longitude") - need(a, "longitude"))
  local h = math.sin((lat2 - lat1) / 2) ^ 2
    + math.cos(lat1) * math.cos(lat2) * math.sin(turn / 2) ^ 2
  return 2 * 6371 * math.asin(math.min(1, h ^ 0.5))
end

-- ---- the object ---------------------------------------------------------------------------------

function Country:__index(key)
  if methods[key] then return methods[key] end
  local r = inside[self]
  if key == "code" then return r.code end
  if key == "name" then return codes.name(r.code) end
  if FIELDS[key] and key ~= "complexity" and key ~= "source" and key ~= "year" then
    return r.facts[key] and insides.copy(r.facts[key].value)
  end
  local names = { "code", "name" }
  for _, figure in ipairs(FIGURES) do names[#names + 1] = figure[1] end
  args.no_such("a country", key, r.code, names, methods)
end

function Country.__newindex()
  errors.raise(1505, { message = "a country does not change", object = "country",
    fix = "make another: c:with{ ... }" })
end

function Country:__tostring() return tostring(methods.figures(self)) end


return country
