--- Economic complexity and comparative advantage: what the exports of countries say of what they
--- can do.
---
---     local c = cm.complexity{ exports = f }    -- a frame with country, product, value
---     local c = cm.complexity{ exports = m, measure = "FFD_DVA" }  -- value added of a table
---     print(c.countries)   print(c.products)   print(c.countries.eci.CHN)
---     print(c:basket "ETH")   print(c:opportunities "ETH")   print(c:ladder())   print(c:tiers())
---     print(c:sophistication{ income = { ETH = 840, CHN = 10100 } })
---
--- `exports` is a frame (columns named by `country`, `product`, `value`), a Matrix with a row for
--- each country, or a table: of that `measure` is an indicator by country and industry, gross
--- exports ("EXGR", default), value added that foreign final demand absorbs by the industry where
--- it arises ("FFD_DVA"), or that in gross exports ("EXGR_DVA"); what a table has below 0 counts as
--- 0, and a note says whose. A country has a product where its revealed comparative advantage is at
--- least `threshold` (1). `scale` says how the indices are measured: "atlas" in standard deviations
--- of ECI, so that ECI is the mean PCI of what a country has (as the Atlas of Economic Complexity
--- does), "own" each in its own, n - 1.
---
--- Properties: frames `countries` and `products`; matrices by country and product `exports`, `rca`,
--- `presence` (0 or 1), `density`, `gain` (of outlook), and `proximity` of products. What is
--- computed: docs/methods.md, "Complexity". Errors CM25xx.

local args = require "capmod.args"
local codes = require "capmod.codes"
local each = require "capmod.each"
local errors = require "capmod.errors"
local exports = require "capmod.complexity.exports"
local frame = require "capmod.frame"
local index = require "capmod.complexity.index"
local sophistication = require "capmod.complexity.sophistication"
local store = require "capmod.frame.store"
local text = require "capmod.text"

local inside = setmetatable({}, { __mode = "k" })
local methods = {}
local Complexity = { __name = "cm.Complexity" }

local FIELDS = {
  exports = { "Frame", "Matrix", "Mrio", required = true,
    about = "a frame (country, product, value), a matrix of countries and products, or a table" },
  country = { "string", about = "the column of a frame that names countries" },
  product = { "string", about = "the column of a frame that names products" },
  value = { "string", about = "the column of a frame that holds exports" },
  measure = { "string", about = "of a table: EXGR (gross), FFD_DVA or EXGR_DVA (value added)" },
  threshold = { "number", about = "the advantage from which a country has a product: 1" },
  scale = { "string", about = "atlas or own" },
  year = { "integer", about = "of the exports, for income classes" },
  name = { "string", about = "what titles call it" },
}

-- ---- what is made when --------------------------------------------------------------------------

local LAZY = {}
function LAZY.rca(r) return index.advantage(r.found.x) end
function LAZY.m(r)
  r.cut = {}
  return index.presence(r.rca, r.spec.threshold, r.cut)
end
function LAZY.all(r) return index.all(r.m, r.spec.scale) end

local Inside = { __index = function(r, key)
  local make = LAZY[key]
  local value = make and make(r)
  if value ~= nil then rawset(r, key, value) end
  return value
end }

local function make(t)
  t = store.column_with(args.check("complexity", t, FIELDS), {})
  t.scale = args.choice(t.scale or "atlas", "scale", { "atlas", "own" }, "complexity")
  t.threshold = t.threshold or 1
  if not (t.threshold > 0 and t.threshold < math.huge) then
    errors.raise(2503, { message = ("complexity: threshold = %s"):format(text.short(t.threshold)),
      object = "complexity", field = "threshold", fix = "a positive number; 1 is the usual one" })
  end
  local c = setmetatable({}, Complexity)
  inside[c] = setmetatable({ spec = t, found = exports.read(t) }, Inside)
  return c
end

local function of(self)
  args.object(inside[self] ~= nil, "complexity")
  return inside[self]
end

-- ---- frames -------------------------------------------------------------------------------------

local FEW = 50 -- products; indices of fewer are printed with a warning

local function title(r, what)
  return r.spec.name and ("%s: %s"):format(r.spec.name, what) or what
end

--- What stands over a frame that rests on who has which product.
local function notes(r, ...)
  local few, list = r.m:cols() < FEW, table.move(r.found.notes, 1, #r.found.notes, 1, {})
  list[#list + 1] = ("a country has a product where its advantage is at least %s"):format(
    text.short(r.spec.threshold))
  table.move(r.cut, 1, #r.cut, #list + 1, list)
  for _, line in ipairs{ ... } do list[#list + 1] = line end
  list[#list + 1] = few and ("only %d products: wide industries say little of know-how"):format(
    r.m:cols()) or nil
  return list
end

local function scale_note(r)
  return r.spec.scale == "atlas" and "indices in standard deviations of ECI (scale = \"atlas\")"
    or "each index in its own standard deviations (scale = \"own\")"
end

local function head(col, name) return store.column_with(col, { name = name }) end

--- A list of a side's sums of the exports, for the labels of `m` only.
local function totals(r, side)
  local x, list = r.found.x, {}
  local sums = x:sum{ by = side }
  for i, label in ipairs(r.m:labels(side)) do
    local at = x:find(side, label)
    list[i] = side == "row" and sums:get(at, 1) or sums:get(1, at)
  end
  return list
end

local function ordered(columns, n, by)
  local order = {}
  for i = 1, n do order[i] = i end
  table.sort(order, function(a, b)
    if columns[by][a] ~= columns[by][b] then return columns[by][a] > columns[by][b] end
    return a < b
  end)
  local sorted = {}
  for name, cells in each(columns) do
    sorted[name] = {}
    for k, i in ipairs(order) do sorted[name][k] = cells[i] end
  end
  return sorted
end

local function countries(r)
  local all, n = r.all, r.m:rows()
  return frame{ title = title(r, "economic complexity of countries"), keys = { "country" },
    bar = false, note = notes(r, scale_note(r)), cols = { head(r.found.country, "country"),
      { name = "exports", unit = r.found.unit }, { name = "diversity", digits = 0 },
      { name = "eci", digits = 3, label = "ECI" },
      { name = "outlook", digits = 3, label = "outlook (COI)" } },
    columns = ordered({ country = r.m:labels "row", exports = totals(r, "row"),
      diversity = all.d:column_list(1), eci = all.eci:column_list(1),
      outlook = all.coi:column_list(1) }, n, "eci") }
end

local function products(r)
  local all, n = r.all, r.m:cols()
  return frame{ title = title(r, "complexity of products"), keys = { "product" }, bar = false,
    note = notes(r, scale_note(r)), cols = { head(r.found.product, "product"),
      { name = "exports", unit = r.found.unit }, { name = "ubiquity", digits = 0 },
      { name = "pci", digits = 3, label = "PCI" } },
    columns = ordered({ product = r.m:labels "col", exports = totals(r, "col"),
      ubiquity = all.u:row_list(1), pci = all.pci:row_list(1) }, n, "pci") }
end

--- The row of a country among those of a matrix; CM2504.
local function row_of(m, country, why)
  local code = store.country_code(country) or country
  local at = m:find("row", code)
  if at then return at, code end
  local known = m:labels "row"
  errors.raise(2504, { message = ("complexity: %s %s"):format(tostring(country), why),
    object = "complexity", field = tostring(country),
    fix = errors.did_you_mean(tostring(country), known, "there are " .. table.concat(known, ", ", 1,
      math.min(#known, 12)) .. (#known > 12 and ", ..." or "")) })
end

--- What a country exports, by its revealed comparative advantage. CM2504.
---@param country string
---@return cm.Frame  product, exports, share (of its exports), rca
function methods:basket(country)
  local r = of(self)
  args.one(country, "basket", "country", "string")
  local x = r.found.x
  local i, code = row_of(x, country, "exports nothing here")
  local amounts, shares = x:row_list(i), {}
  local total = x:row(i):sum()
  for k, amount in ipairs(amounts) do shares[k] = amount / total end
  return frame{ title = title(r, ("exports of %s by comparative advantage"):format(
    codes.label(code))), keys = { "product" }, bar = false, note = r.found.notes,
    cols = { head(r.found.product, "product"), { name = "exports", unit = r.found.unit },
      { name = "share", format = "percent" }, { name = "rca", digits = 2, label = "RCA" } },
    columns = ordered({ product = x:labels "col", exports = amounts, share = shares,
      rca = r.rca:row_list(i) }, #amounts, "rca") }
end

--- Products that a country does not have: how near they are to what it has (density), how complex,
--- and what each would add to its outlook (gain), which orders them. CM2504.
---@param country string
---@return cm.Frame  product, rca, density, pci, gain
function methods:opportunities(country)
  local r = of(self)
  args.one(country, "opportunities", "country", "string")
  row_of(r.found.x, country, "exports nothing here")
  local i, code = row_of(r.m, country, "has an advantage in nothing here")
  local has, rca = r.m:row_list(i), r.rca:row(r.rca:find("row", code))
  local density, pci = r.all.density:row_list(i), r.all.pci:row_list(1)
  local gain, columns = r.all.cog:row_list(i), { product = {}, rca = {}, density = {}, pci = {},
    gain = {} }
  for k, product in ipairs(r.m:labels "col") do
    if has[k] == 0 then
      local n = #columns.product + 1
      columns.product[n], columns.rca[n] = product, rca:get(1, rca:find("col", product))
      columns.density[n], columns.pci[n], columns.gain[n] = density[k], pci[k], gain[k]
    end
  end
  return frame{ title = title(r, ("what %s does not have yet"):format(codes.label(code))),
    keys = { "product" }, bar = false, note = notes(r, scale_note(r)), cols = {
      head(r.found.product, "product"), { name = "rca", digits = 2, label = "RCA" },
      { name = "density", digits = 3 }, { name = "pci", digits = 3, label = "PCI" },
      { name = "gain", digits = 3, label = "outlook gain" } },
    columns = ordered(columns, #columns.product, "gain") }
end

-- ---- tiers --------------------------------------------------------------------------------------

local NAMES = { [2] = { "low", "high" }, [3] = { "low", "medium", "high" },
  [4] = { "low", "medium_low", "medium_high", "high" } }

--- Products by their complexity in steps of equal world exports: the step of each column of m.
local function steps_of(r, steps)
  local f, amounts = products(r), {}
  local total, before, step = f:sum "exports", 0, {}
  for row in f:rows() do amounts[#amounts + 1] = { row.product, row.exports } end
  for k = #amounts, 1, -1 do
    local product, amount = table.unpack(amounts[k])
    step[product] = math.min(steps, math.floor((before + amount / 2) / total * steps) + 1)
    before = before + amount
  end
  return step
end

local function ladder_notes(r, step, names)
  local list = {}
  for s = #names, 1, -1 do
    local members = {}
    for _, product in ipairs(r.m:labels "col") do
      if step[product] == s then members[#members + 1] = product end
    end
    local n = #members
    list[#list + 1] = ("%s: %s%s"):format(names[s], table.concat(members, " ", 1,
      math.min(n, 12)), n > 12 and (" and %d more"):format(n - 12) or n == 0 and "none" or "")
  end
  return list
end

--- Revealed comparative advantage by technology tier of products: products in order of PCI are cut
--- into `steps` (3) of equal world exports, and the advantage is that in each as a whole.
---@param t? { steps: integer? }
---@return cm.Frame  country, low, medium, high (in other numbers: step1, step2, ...), best
function methods:ladder(t)
  local r = of(self)
  t = args.check("ladder", t or {}, { steps = { "integer", about = "how many tiers: 2 to 10" } })
  local steps = t.steps or 3
  if steps < 2 or steps > 10 then
    errors.raise(1004, { message = ("ladder: steps = %d, which is not from 2 to 10"):format(steps),
      object = "ladder", field = "steps", fix = "3 gives low, medium and high" })
  end
  local names, step = NAMES[steps] or {}, steps_of(r, steps)
  for s = #names + 1, steps do names[s] = "step" .. s end
  local x, places = r.found.x, {}
  for j, product in ipairs(x:labels "col") do places[j] = step[product] or 0 end
  local rca = index.advantage(x:group("col", places, names))
  local columns, best = { country = x:labels "row" }, {}
  for s, name in ipairs(names) do columns[name] = rca:column_list(s) end
  for i = 1, #columns.country do
    for _, name in ipairs(names) do
      if columns[name][i] ~= columns[name][i] then columns[name][i] = nil end
      if (columns[name][i] or 0) > (best[i] and columns[best[i]][i] or 0) then best[i] = name end
    end
  end
  columns.best = best
  local cols = { head(r.found.country, "country") }
  for _, name in ipairs(names) do cols[#cols + 1] = { name = name, digits = 2 } end
  cols[#cols + 1] = { name = "best" }
  return frame{ title = title(r, "comparative advantage (RCA) by technology tier of products"),
    keys = { "country" }, bar = false, cols = cols, columns = columns, n = x:rows(),
    note = notes(r, table.unpack(ladder_notes(r, step, names))) }
end

local CAP = { ["low income"] = 1, ["lower middle income"] = 2, ["upper middle income"] = 2,
  ["high income"] = 3 }

--- The technology tier of countries: 3 high, 2 medium, 1 low, the lesser of the third of ECI among
--- these countries (the upper third 3) and what the World Bank's income class of the year allows
--- (low income 1, middle 2, high 3). A convention, stated with the result: exports show what is
--- made, income what it is paid. `year` is that of the exports where none is named.
---@param t? { year: integer? }
---@return cm.Frame  country, income, eci, third, tier
function methods:tiers(t)
  local r = of(self)
  t = args.check("tiers", t or {}, { year = { "integer", about = "of the income classes" } })
  local f, n, rows = countries(r), r.m:rows(), {}
  local list_year
  for row in f:rows() do
    local third, income = 3 - (3 * #rows) // n, nil
    if codes.find_country(row.country) then
      income, list_year = codes.income(row.country, t.year or r.found.year)
    end
    rows[#rows + 1] = { country = row.country, income = income, eci = row.eci, third = third,
      tier = income and math.min(third, CAP[income]) or nil }
  end
  return frame{ title = title(r, "technology tiers of countries"), keys = { "country" },
    bar = false, rows = rows, cols = { head(r.found.country, "country"), { name = "income" },
      { name = "eci", digits = 3, label = "ECI" }, { name = "third", digits = 0,
        label = "third of ECI" }, { name = "tier", digits = 0 } },
    note = notes(r, ("income classes of the World Bank for %s"):format(list_year or "no year"),
      "tier: the lesser of the third of ECI (3 the upper) and what income allows"
        .. " (low 1, middle 2, high 3)") }
end

--- Sophistication (Hausmann, Hwang and Rodrik 2007), in the unit of `income`: PRODY of a product is
--- the income of its exporters, weighted by its shares in their exports; EXPY of a country is PRODY
--- weighted by the shares in what it exports. Exporters without an income are left out of both.
---
---     print(c:sophistication{ income = { CHN = 10100, ETH = 840, DEU = 46800 } })
---@param t { income: table<string, number> }  income a person by country
---@return cm.Frame countries  country, income, expy
---@return cm.Frame products  product, prody
function methods:sophistication(t)
  local r = of(self)
  local found = sophistication.of(r.found.x, t)
  local note = table.move(r.found.notes, 1, #r.found.notes, 1, {})
  note[#note + 1] = found.without > 0 and ("without income, and left out: %s"):format(
    text.count(found.without, "exporter")) or nil
  local function listed(what, col, cols, columns, by)
    table.insert(cols, 1, col)
    return frame{ title = title(r, what), keys = { col.name }, bar = false, note = note,
      cols = cols, columns = ordered(columns, #columns[by], by) }
  end
  return listed("sophistication of exports", head(r.found.country, "country"),
    { { name = "income", digits = 0 }, { name = "expy", digits = 0, label = "EXPY" } },
    { country = found.countries, income = found.income, expy = found.expy }, "expy"),
    listed("sophistication of products", head(r.found.product, "product"),
      { { name = "prody", digits = 0, label = "PRODY" } },
      { product = found.products, prody = found.prody }, "prody")
end

--- Fitness of countries and complexity of products, each with mean 1, after `steps` (200) rounds of
--- Tacchella, Cristelli, Caldarelli, Gabrielli and Pietronero (2012).
---@param t? { steps: integer? }
---@return cm.Frame countries  country, fitness
---@return cm.Frame products  product, complexity
function methods:fitness(t)
  local r = of(self)
  t = args.check("fitness", t or {}, { steps = { "integer", about = "rounds, at least 1" } })
  local steps = t.steps or 200
  if steps < 1 or steps > 100000 then
    errors.raise(1004, { message = ("fitness: steps = %d, which is not from 1 to 100000"):format(
      steps), object = "fitness", field = "steps", fix = "200 is usual" })
  end
  local f, q = index.fitness(r.m, steps)
  local function listed(what, name, col, cells, labels)
    return frame{ title = title(r, what), keys = { col.name }, bar = false,
      note = notes(r, ("after %d rounds"):format(steps)), cols = { col, { name = name,
        format = "mixed" } }, columns = ordered({ [col.name] = labels, [name] = cells },
        #labels, name) }
  end
  return listed("fitness of countries", "fitness", head(r.found.country, "country"),
    f:column_list(1), r.m:labels "row"), listed("complexity of products by fitness", "complexity",
    head(r.found.product, "product"), q:column_list(1), r.m:labels "col")
end

--- The same question with some fields changed: c:with{ threshold = 2 }.
---@param changes table
---@return cm.Complexity
function methods:with(changes)
  local r = of(self)
  args.one(changes, "with", "fields", "table")
  return make(store.column_with(r.spec, changes))
end

-- ---- the object ---------------------------------------------------------------------------------

local PROPERTIES = {
  countries = countries, products = products, name = function(r) return r.spec.name end,
  rca = function(r) return r.rca end, presence = function(r) return r.m end,
  proximity = function(r) return r.all.phi end, density = function(r) return r.all.density end,
  gain = function(r) return r.all.cog end, exports = function(r) return r.found.x end,
}

function Complexity:__index(key)
  if methods[key] then return methods[key] end
  if PROPERTIES[key] then return (PROPERTIES[key](inside[self])) end
  args.no_such("a complexity", key, "complexity", methods, PROPERTIES)
end

function Complexity.__newindex()
  errors.raise(1505, { message = "a complexity does not change", object = "complexity",
    fix = "make another: c:with{ ... }" })
end

function Complexity:__tostring() return tostring(countries(inside[self])) end

return setmetatable({}, {
  __name = "capmod.complexity",
  --- Indices of the exports of countries; see above. CM1001-1004, CM1202, CM1501, CM1508, CM2501 to
  --- CM2504.
  __call = function(_, t) return make(t) end,
})
