--- m:attach{}: the figures of published accounts as satellites of a table.

local args = require "capmod.args"
local core = require "capmod.core"
local each = require "capmod.each"
local errors = require "capmod.errors"
local frame = require "capmod.frame"
local read = require "capmod.read"
local store = require "capmod.mrio.store"

local attach = {}

local FIELDS = {
  as = { "string", about = "the edition, where it should not be recognised" },
  year = { "integer", about = "the year, where the table does not say" },
  rows = { "list", about = "which variables: { \"EMP\", \"COMP\" }" },
  exchange = { "string", "table", about = "of money: \"output\", or { CHN = 0.155 } in the table's "
    .. "unit per million of national currency" },
  missing = { "string", about = "\"zero\": blanks of the source count as nothing" },
}

-- ---- what to take -------------------------------------------------------------------------------

local function check_classification(s, reader)
  if s.classification == reader.classification then return end
  errors.raise(5112, { message = ("%s is by industries of %s, and %s by those of %s"):format(
    store.title(s), s.classification or "no classification", reader.name, reader.classification),
    object = s.name, fix = "attach accounts to a table as it is published; :aggregate it then" })
end

local function check_rows(s, reader, rows)
  local names, there = {}, {}
  for name in each(reader.rows) do names[#names + 1] = name end
  local block = s.table:part "F"
  for _, name in ipairs(block and block:labels "row" or {}) do there[name] = true end
  for _, name in ipairs(rows) do
    args.one(name, "attach", "row", "string")
    if there[name] then
      errors.raise(1306, { message = ("the table has a satellite '%s' already"):format(name),
        object = s.name, field = "rows", fix = "leave it out" })
    end
    there[name] = true
    if not reader.rows[name] then
      errors.raise(5113, { message = ("%s has no satellite '%s'"):format(reader.name, name),
        object = reader.name, field = "rows", fix = errors.did_you_mean(name, names,
          "there are " .. table.concat(names, " ") .. (reader.no_rows and "; " .. reader.no_rows
          or "")) })
    end
  end
  return rows
end

--- Units of the table per million of national currency, by country: those given, or those that the
--- outputs of table and accounts imply.
local function rates_of(s, t, row, output)
  if type(t.exchange) == "table" then
    for country, rate in each(t.exchange) do
      args.one(rate, "attach", "exchange, " .. tostring(country), "number")
    end
    return t.exchange
  end
  if t.exchange == nil or row.prices then
    errors.raise(5114, { message = ("attach: %s is in national currency%s"):format(row.name,
      row.prices and (" at prices of %d"):format(row.prices) or ""), object = row.name,
      field = "exchange", fix = row.prices and "give the rates of that year: exchange = { ... }"
        or 'exchange = "output" takes the rates that output implies; or give them' })
  end
  args.choice(t.exchange, "exchange", { "output" }, "attach")
  local published = s.table:part "output" or s.table:part "x"
  local x = published:cols() == 1 and published:column_list(1) or published:row_list(1)
  local n, rates = #s.sectors, {}
  for c, country in ipairs(s.countries) do
    local here, there = 0, 0
    for i, code in ipairs(s.sectors) do
      local national = (output[country] or {})[code]
      if national then here, there = here + x[(c - 1) * n + i], there + national end
    end
    rates[country] = there ~= 0 and here / there or nil
  end
  return rates
end

-- ---- the rows -----------------------------------------------------------------------------------

--- One row over the nodes; what is missing is collected, countries without any figure are named.
--- A blank of a node without output is nothing missing.
local function fill(s, row, rates, found)
  local list, x = {}, s.table:part("x"):column_list(1)
  for _, country in ipairs(s.countries) do
    local values = row.values[country]
    local rate = row.money and rates[country] or 1
    if row.money and values and not rates[country] then
      errors.raise(5114, { message = "attach: there is no rate of exchange for " .. country,
        object = row.name, field = "exchange", fix = ("exchange = { %s = ... }"):format(country) })
    end
    if not values then found.without[country] = true end
    for _, code in ipairs(s.sectors) do
      local value = values and values[code]
      if values and not value and x[#list + 1] ~= 0 then
        found.blanks[#found.blanks + 1] = ("%s of %s.%s"):format(row.name, country, code)
      end
      list[#list + 1] = (value or 0) * rate
    end
  end
  return list
end

--- What final demand itself makes, in the first category of each country: households.
local function fill_final(s, row)
  local list, per = {}, #s.columns // #s.countries
  for i = 1, #s.columns do
    local country = s.countries[(i - 1) // per + 1]
    list[i] = (i - 1) % per == 0 and row.final and row.final[country] or 0
  end
  return list
end

local function refuse_blanks(reader, blanks)
  local some = table.concat(blanks, ", ", 1, math.min(3, #blanks))
  errors.raise(5115, { message = ("%s has no figure for %s%s"):format(reader.name, some,
    #blanks > 3 and (" and %d more"):format(#blanks - 3) or ""), object = reader.name,
    field = "missing", fix = 'take another year or other rows, or say missing = "zero"' })
end

local function joined(old, new, names)
  new = core.matrix_from(new):label{ rows = names }
  return old and old:label{ cols = false }:join(new, "row") or new
end

--- The table with more satellite rows.
local function with_rows(s, rows, values, finals, what)
  local names, units = {}, {}
  for name, unit in each(s.units) do units[name] = unit end
  for i, row in ipairs(rows) do
    names[i], units[row.name] = row.name, row.money and s.unit or row.unit
  end
  local old, old_final = s.table:part "F", s.table:part "FY"
  if old and not old_final then
    old_final = core.matrix(old:rows(), #s.columns, 0):label{ rows = old:labels "row" }
  end
  local parts = { countries = s.countries, sectors = s.sectors, categories = s.categories,
    F = joined(old, values, names), FY = joined(old_final, finals, names) }
  for _, part in ipairs{ "Z", "Y", "P", "PY", "output" } do parts[part] = s.table:part(part) end
  local changes = table.move(s.changes, 1, #s.changes, 1, {})
  changes[#changes + 1] = what
  return store.new(core.table(parts), store.facts(s, { units = units, changes = changes }))
end

--- What was done, country by country: rates, and what there was no figure for.
local function report(s, rates, found)
  local rows, blanks = {}, {}
  for _, blank in ipairs(found.blanks) do
    local country = blank:match "of (.-)%."
    blanks[country] = (blanks[country] or 0) + 1
  end
  for i, country in ipairs(s.countries) do
    rows[i] = { country = country, rate = rates and rates[country], blank = blanks[country] or 0,
      given = found.without[country] and "none: 0" or "yes" }
  end
  return frame{ title = "accounts attached", keys = { "country" }, rows = rows, cols = {
    { name = "country", kind = "country" }, { name = "given" }, { name = "blank" },
    { name = "rate", digits = 6 } }, bar = false }
end

--- The table with figures of published accounts as satellites, which all verbs count with
--- `satellite =`; and a frame of what was done by country.
---
---     local jobs = m:attach{ "WIOD_SEA_July14.xlsx", rows = { "EMP", "H_HS" } }
---     local pay, by = m:attach{ "WIOD_SEA_July14.xlsx", rows = { "COMP" }, exchange = "output" }
---     local air = m:attach{ "AIR_may12", rows = { "CO2", "CH4" } }
---
--- wiod_sea: socio-economic accounts; persons (EMP, EMPE: thousands) and hours (H_EMP, H_EMPE:
--- millions) by default. Skills are hours (H_HS, H_MS, H_LS) or pay (LABHS ...), the source's
--- share times H_EMP or LAB. Money (COMP, LAB, CAP, VA ...) is in national currency: `exchange`
--- says what a million of it is in the table's unit, by country, or "output": what the table's
--- output over the accounts' implies. wiod_air: emissions to air, CO2 in kt, others in t; those of
--- households stand in final demand (F_Y). A country that the accounts leave out has 0 and is
--- named; blanks within a country are refused unless `missing = "zero"`.
--- CM1001-1004, CM1306 a row that is there, CM5001-5006 the file, CM5102 the edition,
--- CM5103 a place in it, CM5112 other industries, CM5113 no such row, CM5114 money without a rate,
--- CM5115 blanks, CM5116 the year.
---@param self capmod.Mrio
---@param t table
---@return capmod.Mrio, capmod.Frame
function attach.attach(self, t)
  local s = store.of(self)
  args.one(t, "attach", "argument", "table")
  local path, fields = args.one(t[1], "attach", "path", "string"), {}
  for key, value in each(t) do
    if key ~= 1 then fields[key] = value end
  end
  args.check("attach", fields, FIELDS)
  if t.missing then args.choice(t.missing, "missing", { "zero" }, "attach") end
  local reader = read.accounts_reader(path, t.as)
  check_classification(s, reader)
  local year = t.year or s.year
  local names = check_rows(s, reader, t.rows or reader.default)
  local rows, output = reader.read(path, { year = year, rows = names, countries = s.country_at })
  local found, values, finals, rates = { without = {}, blanks = {} }, {}, {}, nil
  for i, row in ipairs(rows) do
    if row.money then rates = rates_of(s, t, row, output) end
    values[i], finals[i] = fill(s, row, rates, found), fill_final(s, row)
  end
  if #found.blanks > 0 and not t.missing then refuse_blanks(reader, found.blanks) end
  local without = {}
  for country in each(found.without) do without[#without + 1] = country end
  local what = ("%s of %s%s attached%s"):format(table.concat(names, ", "), reader.name,
    year and " " .. year or "", #without > 0 and "; 0 for " .. table.concat(without, ", ") or "")
  return with_rows(s, rows, values, finals, what), report(s, rates, found)
end

return attach
