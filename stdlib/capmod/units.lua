--- Units: what a number counts, so that unlike numbers are not added in silence.
---
---     local u = units.unit "USD mn, 2015 prices"
---     u.currency, u.multiplier, u.price_year         --> "USD", 1e6, 2015
---     u:to("EUR mn, 2015 prices", { rate = 0.9 })    --> 0.9, and the unit
---
--- Understood are amounts of money ("USD", "USD bn", "M.EUR", "USD 1000", "EUR mn, 2015 prices"),
--- counts and physical units with a multiplier and what they are of ("thousand persons", "kt CO2",
--- "GWh"), rates of these ("USD per hour", "USD/t"), and shares ("%", "per 100 of price"). Any
--- other text is a unit of its own kind, equal only to itself.

local args = require "capmod.args"
local errors = require "capmod.errors"

local units = {}

---@class cm.Unit
---@field text string          as it was written
---@field kind "money"|"quantity"|"share"|"other"
---@field currency? string     ISO 4217, of money
---@field base string          what one of it is: "USD", "person", "t CO2", "of price"
---@field multiplier number    how many of the base one of it is: 1e6 in "USD mn"
---@field price_year? integer  nil: current prices, or not said
---@field per? string          the denominator of a rate: "hour"
local Unit = { __name = "cm.Unit" }
Unit.__index = Unit

local multipliers = {
  hundred = 1e2, thousand = 1e3, thousands = 1e3, th = 1e3, k = 1e3, ["'000"] = 1e3, ths = 1e3,
  mn = 1e6, m = 1e6, mio = 1e6, mln = 1e6, million = 1e6, millions = 1e6,
  bn = 1e9, bln = 1e9, billion = 1e9, billions = 1e9,
  tn = 1e12, trillion = 1e12, trillions = 1e12,
}
local multiplier_names = { [1e3] = "thousand", [1e6] = "mn", [1e9] = "bn", [1e12] = "tn" }

local signs = { ["$"] = "USD", ["US$"] = "USD", ["€"] = "EUR", ["£"] = "GBP", RMB = "CNY" }

-- Currencies that the euro replaced; ISO 4217 keeps them in its list of historic ones.
local historic = " ATS BEF CYP DEM EEK ESP FIM FRF GRD IEP ITL LTL LUF LVL MTL NLG PTE SIT SKK "

-- Base and size of the physical units that are converted into one another.
local physical = {
  g = { "t", 1e-6 }, kg = { "t", 1e-3 }, t = { "t", 1 }, kt = { "t", 1e3 }, Mt = { "t", 1e6 },
  Gt = { "t", 1e9 }, tonne = { "t", 1 }, tonnes = { "t", 1 },
  J = { "J", 1 }, kJ = { "J", 1e3 }, MJ = { "J", 1e6 }, GJ = { "J", 1e9 }, TJ = { "J", 1e12 },
  PJ = { "J", 1e15 }, EJ = { "J", 1e18 },
  Wh = { "J", 3600 }, kWh = { "J", 3.6e6 }, MWh = { "J", 3.6e9 }, GWh = { "J", 3.6e12 },
  TWh = { "J", 3.6e15 },
  W = { "W", 1 }, kW = { "W", 1e3 }, MW = { "W", 1e6 }, GW = { "W", 1e9 },
}

local counted = {
  person = "person", persons = "person", people = "person", worker = "worker",
  workers = "worker", job = "job", jobs = "job", employee = "employee", employees = "employee",
  hour = "hour", hours = "hour", day = "day", days = "day", month = "month", months = "month",
  year = "year", years = "year", pair = "pair", pairs = "pair", piece = "piece",
  pieces = "piece", unit = "unit", units = "unit", vehicle = "vehicle", vehicles = "vehicle",
}

local currencies

--- Whether a code is a currency of ISO 4217, today's or one that the euro replaced.
---@param code string
---@return boolean
function units.is_currency(code)
  if not currencies then
    currencies = {}
    for line in require("capmod.codes.data.currencies"):gmatch "[^\n]+" do
      currencies[line:sub(1, 3)] = line:sub(5)
    end
    for old in historic:gmatch "%u+" do currencies[old] = old end
  end
  return currencies[code] ~= nil
end

local function currency_of(word)
  return signs[word] or units.is_currency(word) and word or nil
end

local function not_understood(text, part, fix)
  errors.raise(1405, { object = text, fix = fix,
    message = ("unit '%s': '%s' is not understood"):format(text, part) })
end

--- The price year that a clause after the comma states; nil: current prices.
local function price_clause(text, clause)
  local lower = clause:lower()
  local year = lower:match "^(%d%d%d%d)$" or lower:match "^(%d%d%d%d) prices$"
    or lower:match "^prices of (%d%d%d%d)$" or lower:match "^constant (%d%d%d%d) prices$"
    or lower:match "^in (%d%d%d%d) prices$" or lower:match "^in prices of (%d%d%d%d)$"
  if year then return math.tointeger(tonumber(year)) end
  if lower == "current prices" or lower == "current" then return nil end
  not_understood(text, clause, 'write "USD mn, 2015 prices" or "USD mn, current prices"')
end

--- "M.EUR", "MEUR" and "MIO_EUR" are EUR mn.
local function spread(body)
  local mark, currency = body:match "^([%a]+)[._ ](%u%u%u)$"
  if not mark then mark, currency = body:match "^(M)(%u%u%u)$" end
  if mark and multipliers[mark:lower()] and units.is_currency(currency) then
    return currency .. " " .. mark
  end
  return body
end

local function multiplier_of(word)
  return multipliers[word:lower():gsub("%.$", "")] or tonumber(word)
end

local known_multipliers = { "thousand", "mn", "million", "bn", "billion", "tn", "trillion" }

--- Where the currency stands: first, or behind multipliers and "current" only.
local function currency_at(words)
  for i, word in ipairs(words) do
    if currency_of(word) then return i end
    if word:lower() ~= "current" and not multiplier_of(word) then return nil end
  end
end

--- Money: a currency with at most one multiplier before or behind it, and a remark in brackets
--- that sets it apart from the plain currency, as in "USD mn (PPP)". Nil: no money.
local function money(text, body)
  local remark = body:match " ?(%b())$" or ""
  local words = {}
  for word in spread(body:sub(1, #body - #remark)):gmatch "%S+" do words[#words + 1] = word end
  local at, multiplier = currency_at(words), nil
  if not at then return nil end
  for i, word in ipairs(words) do
    if i ~= at and word:lower() ~= "current" then
      if multiplier or not multiplier_of(word) then
        not_understood(text, word, errors.did_you_mean(word, known_multipliers,
          'write "USD mn", "USD bn", "USD 1000", "USD per hour"'))
      end
      multiplier = multiplier_of(word)
    end
  end
  local currency = currency_of(words[at])
  return { kind = "money", currency = currency, multiplier = multiplier or 1,
    base = remark == "" and currency or currency .. " " .. remark }
end

--- "USX mn": three capitals and a multiplier are meant as money.
local function check_currency(text, body)
  local word, rest = body:match "^(%u%u%u) (%S+)$"
  if not word then rest, word = body:match "^(%S+) (%u%u%u)$" end
  if word and multipliers[rest:lower()] then
    local known = { "USD", "EUR", "CNY", "JPY", "GBP" }
    for code in require("capmod.codes.data.currencies"):gmatch "%f[^\n\0](%u%u%u) " do
      known[#known + 1] = code
    end
    not_understood(text, word, errors.did_you_mean(word, known, "use a code of ISO 4217"))
  end
end

--- Counts and physical units: "thousand persons", "kt CO2".
local function quantity(body)
  local first, rest = body:match "^(%S+) (.+)$"
  local multiplier = first and multiplier_of(first)
  local name = multiplier and rest or body
  local size = physical[name:match "^%S+"]
  if size then
    local of = name:match "^%S+( .+)$" or ""
    return { kind = "quantity", base = size[1] .. of, multiplier = (multiplier or 1) * size[2] }
  end
  local one = counted[name:lower()]
  if one or multiplier and name:match "^%a" and not first:match "^%a$" then
    return { kind = "quantity", base = one or name, multiplier = multiplier or 1 }
  end
end

local function share(body)
  if body == "%" or body:lower() == "percent" or body:lower() == "per cent" then
    return { kind = "share", base = "1", multiplier = 0.01 }
  end
  local number, of = body:match "^per (%d+) (of .+)$"
  if number and tonumber(number) > 0 then
    return { kind = "share", base = of, multiplier = 1 / tonumber(number) }
  end
  if body == "1" or body == "" then return { kind = "share", base = "1", multiplier = 1 } end
end

local function parse(text)
  local body = text:gsub("%s+", " "):match "^ ?(.-) ?$"
  local ratio = share(body)
  if ratio then return ratio end
  local clause
  local head, per = body:match "^(.-) per (.+)$"
  if not head then head, per = body:match "^([^/]-) ?/ ?([^/]+)$" end
  if per then
    per, clause = per:match "^([^,]*),? ?(.*)$"
    head = head .. (clause ~= "" and ", " .. clause or "")
  end
  local main
  main, clause = (head or body):match "^([^,]*),? ?(.*)$"
  local unit = money(text, main)
  if unit then
    if clause ~= "" then unit.price_year = price_clause(text, clause) end
  else
    check_currency(text, main)
    unit = clause == "" and quantity(main) or nil
  end
  if unit then unit.per = per and (counted[per:lower()] or per) or nil end
  return unit or { kind = "other", base = body, multiplier = 1 }
end

--- A unit from its text; a unit is given back as it is. CM1003, CM1405 not understood (money
--- with a word that is neither multiplier nor prices).
---@param text string|cm.Unit
---@return cm.Unit
function units.unit(text)
  if getmetatable(text) == Unit then return text end
  args.one(text, "unit", "text", "string")
  local unit = parse(text)
  unit.text = text
  return setmetatable(unit, Unit)
end

local function number_text(multiplier)
  return multiplier_names[multiplier] or ("%.17g"):format(multiplier)
end

--- The unit in canonical form: "USD mn, 2015 prices".
function Unit:__tostring()
  if self.kind ~= "money" then return self.text end
  local parts = { self.currency }
  if self.multiplier ~= 1 then parts[2] = number_text(self.multiplier) end
  parts[#parts + 1] = self.base:match "%b()$"
  if self.per then parts[#parts + 1] = "per " .. self.per end
  return table.concat(parts, " ") .. (self.price_year and (", %d prices"):format(self.price_year)
    or "")
end

function Unit.__concat(a, b)
  return tostring(a) .. tostring(b)
end

--- Units are equal that measure the same in the same size, however they are written.
function Unit.__eq(a, b)
  return a.kind == b.kind and a.base == b.base and a.multiplier == b.multiplier
    and a.per == b.per and a.price_year == b.price_year
end

local function prices(unit)
  return unit.price_year and ("prices of %d"):format(unit.price_year) or "current prices"
end

local function refuse(number, a, b, what, why, fix)
  errors.raise(number, { object = what, fix = fix,
    message = ("%s: %s and %s %s"):format(what, a, b, why) })
end

--- Checks that two units measure the same kind of thing: CM1401 currencies, CM1404 kinds, CM1403
--- prices of different years.
local function same_kind(a, b, what)
  if a.kind == "money" and b.kind == "money" and a.currency ~= b.currency then
    refuse(1401, a, b, what, "are different currencies",
      ('convert one first: unit:to("%s", { rate = %s per %s })'):format(b, b.currency, a.currency))
  end
  if a.kind ~= b.kind or a.base ~= b.base or a.per ~= b.per then
    refuse(1404, a, b, what, "measure different things", nil)
  end
  if a.price_year ~= b.price_year then
    refuse(1403, a, b, what, ("are in %s and %s"):format(prices(a), prices(b)),
      ('convert one first: unit:to("%s", { deflator = ... })'):format(b))
  end
end

--- Checks that numbers in two units may be added or compared as they are. CM1401 different
--- currencies, CM1402 different multipliers, CM1403 prices of different years, CM1404 different
--- things.
---@param a string|cm.Unit
---@param b string|cm.Unit
---@param what? string  what is done, for the message: "world + rest"
---@return cm.Unit  the unit of the sum
function units.same(a, b, what)
  a, b = units.unit(a), units.unit(b)
  what = what or "units"
  same_kind(a, b, what)
  if a.multiplier ~= b.multiplier then
    local factor = b.multiplier / a.multiplier
    refuse(1402, a, b, what, ("differ by a factor of %.10g"):format(math.max(factor, 1 / factor)),
      ("multiply the second by %.10g, so that both are in %s"):format(factor, a))
  end
  return a
end

--- The factor that turns numbers in `from` into numbers in `to`, of the same currency, prices and
--- kind: 1000 from "USD bn" to "USD mn". CM1401, CM1403, CM1404.
---@param from string|cm.Unit
---@param to string|cm.Unit
---@return number factor
function units.scale(from, to)
  from, to = units.unit(from), units.unit(to)
  same_kind(from, to, ("from %s to %s"):format(from, to))
  return from.multiplier / to.multiplier
end

local function positive(value, name, meaning)
  if value == nil then return 1 end
  if type(value) ~= "number" or not (value > 0 and value < math.huge) then
    errors.raise(1003, { object = "unit:to", field = name,
      message = ("unit:to: '%s' is %s, not a positive number"):format(name, tostring(value)),
      fix = meaning })
  end
  return value
end

--- The factor that turns numbers in this unit into numbers in another one, which may be of
--- another currency or of other prices.
---
---     units.unit("USD bn"):to("EUR mn", { rate = 0.9 })     --> 900.0, EUR mn
---
--- `rate` is how much of the other currency one of this currency is; `deflator` the price level
--- of the other year over that of this one. CM1001, CM1003, CM1401 no rate, CM1403 no deflator,
--- CM1404 different things.
---@param target string|cm.Unit
---@param options? { rate?: number, deflator?: number }
---@return number factor
---@return cm.Unit target
function Unit:to(target, options)
  args.object(getmetatable(self) == Unit, "unit")
  local other = units.unit(target)
  options = args.check("unit:to", options or {}, { rate = { "any" }, deflator = { "any" } })
  local rate = positive(options.rate, "rate",
    ("rate = %s for one %s"):format(other.base, self.base))
  local deflator = positive(options.deflator, "deflator", "price level there over price level here")
  local bridged = setmetatable({ kind = other.kind, text = other.text, per = other.per,
    base = other.base, currency = other.currency, multiplier = other.multiplier,
    price_year = other.price_year }, Unit)
  if options.rate and self.kind == "money" and other.kind == "money" then
    bridged.currency, bridged.base = self.currency, self.base
  end
  if options.deflator then bridged.price_year = self.price_year end
  same_kind(self, bridged, ("from %s to %s"):format(self, other))
  return self.multiplier / other.multiplier * rate * deflator, other
end

return units
