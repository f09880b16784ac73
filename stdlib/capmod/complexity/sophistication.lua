--- Sophistication of products and of exports by the income of who exports them (Hausmann, Hwang and
--- Rodrik 2007). Internal to complexity; docs/methods.md, "Complexity".

local args = require "capmod.args"
local core = require "capmod.core"
local each = require "capmod.each"
local errors = require "capmod.errors"
local store = require "capmod.frame.store"

local sophistication = {}

local function refuse(message, field, fix)
  errors.raise(1004, { message = "sophistication: " .. message, object = "sophistication",
    field = field, fix = fix })
end

--- Places in `labels` of the countries whose income is known, and incomes, by place.
local function incomes_of(given, labels)
  local by_code, places, list = {}, {}, {}
  for name, income in each(given) do
    if type(income) ~= "number" or not (income > 0 and income < math.huge) then
      refuse(("income.%s is %s, not a number above 0"):format(tostring(name), tostring(income)),
        "income." .. tostring(name), "income = { CHN = 10100, ETH = 840 }, a person")
    end
    by_code[store.country_code(name) or name] = income
  end
  for i, label in ipairs(labels) do
    if by_code[label] then places[#places + 1], list[#list + 1] = i, { by_code[label] } end
  end
  if #places == 0 then
    refuse("income names none of the exporters", "income", "they are " .. table.concat(labels, ", ",
      1, math.min(#labels, 12)) .. (#labels > 12 and ", ..." or ""))
  end
  return places, list
end

--- PRODY, the income of who exports a product, weighted by its shares in their exports, and EXPY,
--- PRODY weighted by the shares in what a country exports; of countries whose income is known.
---@param x capmod.Matrix  countries x products
---@param t { income: table<string, number> }
---@return table found { countries =, income =, expy =, products =, prody =, without = }
function sophistication.of(x, t)
  t = args.check("sophistication", t, { income = { "table", required = true,
    about = "income a person by country: { CHN = 10100, ETH = 840 }" } })
  local places, list = incomes_of(t.income, x:labels "row")
  local s = (x / x:sum{ by = "row" }):take("row", places)
  local weight = s:sum{ by = "col" }
  local made, shares = {}, weight:row_list(1)
  for j, share in ipairs(shares) do
    if share > 0 then made[#made + 1] = j end
  end
  s, weight = s:take("col", made), weight:take("col", made)
  local income = core.matrix_from(list)
  local prody = income:T():mul(s:label{ rows = false }) / weight:label{ rows = false }
  local expy = s:mul(prody:label{ cols = false }:T())
  return { countries = s:labels "row", income = income:column_list(1), products = s:labels "col",
    expy = expy:column_list(1), prody = prody:row_list(1), without = x:rows() - #places }
end

return sophistication
