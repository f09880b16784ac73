--- cm.supply_use{}: an input-output table from supply and use tables.

local args = require "capmod.args"
local blocks = require "capmod.mrio.blocks"
local core = require "capmod.core"
local errors = require "capmod.errors"
local store = require "capmod.mrio.store"
local text = require "capmod.text"

local BLOCK = { "string", "table", "Matrix" }
local function block_field(about, required)
  return { BLOCK[1], BLOCK[2], BLOCK[3], about = about, required = required }
end

local FIELDS = {
  name = { "string", required = true }, year = { "integer" }, unit = { "string" },
  source = { "string" }, currency = { "string" },
  countries = { "list", required = true, about = "labels of the countries" },
  products = { "list", required = true, about = "labels of the products, the same everywhere" },
  industries = { "list", required = true, about = "labels of the industries" },
  categories = { "list", about = "labels of the final-demand columns of each country" },
  supply = block_field("industries by products: who makes what", true),
  use = block_field("products by industries: who uses what", true),
  final = block_field("final demand, products by columns", true),
  primary = block_field("value added and the like, rows by industries"),
  model = { "string", required = true, about = "A, B (by products), C, D (by industries)" },
}
local MODELS = {
  A = "product by product, product technology", B = "product by product, industry technology",
  C = "industry by industry, fixed industry sales structures",
  D = "industry by industry, fixed product sales structures",
}

local function refuse(message, fix)
  errors.raise(1626, { message = "supply_use: " .. message, object = "supply_use", fix = fix })
end

--- A block without labels and of a given shape, so that position alone counts.
local function shaped(t, field, rows, cols)
  local m = blocks.block(t[field])
  if m and (rows and m:rows() ~= rows or cols and m:cols() ~= cols) then
    refuse(("'%s' is %d x %d, where %s x %s is due"):format(field, m:rows(), m:cols(),
      rows or "k", cols or "k"), "supply: industries x products; use, final: products as rows")
  end
  return m and m:copy():label{ rows = false, cols = false }
end

--- What turns industries into products or the reverse, for each model; V: supply, industries x
--- products; q, g: output of products (row) and industries (column).
local make = {}

--- Z = U g^-1 V
function make.B(V, U, Y, W, g)
  local share = V * g:recip()
  return U:mul(share), Y, W and W:mul(share)
end

--- Z = V q^-1 U
function make.D(V, U, Y, W, _, q)
  local share = V * q:recip()
  return share:mul(U), share:mul(Y), W
end

--- Z = U V'^-1 q
function make.A(V, U, Y, W, _, q)
  local turned = V:T():inv() * q
  return U:mul(turned), Y, W and W:mul(turned)
end

--- Z = g V'^-1 U
function make.C(V, U, Y, W, g)
  local turned = V:T():inv() * g
  return turned:mul(U), turned:mul(Y), W
end

--- A square input-output table from a supply table (industries by products) and a use table.
---
---     cm.supply_use{ name = "NLD 2020", countries = { "NLD" }, products = {...},
---       industries = {...}, supply = V, use = U, final = Y, primary = W, model = "D" }
---
--- Models of the Eurostat manual (2008, ch. 11): "A" product technology, "B" industry technology
--- (products by products); "C" fixed industry sales structures, "D" fixed product sales structures
--- (industries by industries). A and C need as many industries as products and may give negative
--- flows, which stand in the table and are counted in its `changes`; :balance does not remove them.
--- CM1001-1004, CM1626 shapes, CM4001, CM4002 a supply table that cannot be inverted.
---@param t table
---@return capmod.Mrio
local function supply_use(t)
  args.check("supply_use", t, FIELDS)
  local model = args.choice(t.model, "model", { "A", "B", "C", "D" }, "supply_use")
  local products, industries = #t.countries * #t.products, #t.countries * #t.industries
  if (model == "A" or model == "C") and products ~= industries then
    refuse(("model %s needs as many industries (%d) as products (%d)"):format(model, industries,
      products), "use model B or D, or aggregate")
  end
  local V, U = shaped(t, "supply", industries, products), shaped(t, "use", products, industries)
  local Y, W = shaped(t, "final", products), shaped(t, "primary", nil, industries)
  local names = W and blocks.block(t.primary):labels "row"
  local g, q = V:sum{ by = "row" }, V:sum{ by = "col" }
  local Z, final, primary = make[model](V, U, Y, W, g, q)
  local by_product = model == "A" or model == "B"
  local least, i, j = Z:min()
  local changes = { "from supply and use: " .. MODELS[model] }
  if least < 0 and U:min() >= 0 then
    changes[2] = ("the technology gives negative flows, least %s at row %d, column %d"):format(
      text.full(least), i, j)
  end
  if primary and names then primary = primary:label{ rows = names } end
  return store.new(core.table{ countries = t.countries, categories = t.categories,
    sectors = by_product and t.products or t.industries, Z = Z, Y = final, P = primary,
    output = by_product and q or g },
    { name = t.name, year = t.year and math.tointeger(t.year), unit = t.unit, source = t.source,
      currency = t.currency, changes = changes })
end

return supply_use
