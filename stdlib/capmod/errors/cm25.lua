--- CM25xx: economic complexity.

return {
  [2501] = {
    title = "countries in groups that have no product in common",
    text = [[
Complexity orders countries by how far their products are those of others. Where one group
of countries has nothing in common with the rest there is no order between them, and the
second eigenvalue is 1. Ask about one group, take wider products, or lower the threshold.
Advantages (c.rca, c:basket) need no such order.]],
    example = [[
local cm = require "capmod"
local x = cm.matrix{ rows = { "DEU", "FRA", "ETH" }, cols = { "cars", "planes", "coffee", "hides" },
  data = { { 1, 1, 0, 0 }, { 1, 1, 0, 0 }, { 0, 0, 1, 1 } } }
print(cm.complexity{ exports = x })]],
  },
  [2502] = {
    title = "who exports what has no second direction",
    text = [[
Complexity is read from the second eigenvector of the countries' likeness. Where all have
the same products, or two directions are equally strong, it is not determined. More
countries or finer products settle it.]],
    example = [[
local cm = require "capmod"
local x = cm.matrix{ rows = { "DEU", "FRA", "ITA" }, cols = { "cars", "planes", "wine" },
  data = { { 1, 1, 1 }, { 1, 1, 1 }, { 1, 1, 1 } } }
print(cm.complexity{ exports = x })]],
  },
  [2503] = {
    title = "exports that complexity cannot be read from",
    text = [[
Exports are finite and not negative, each row of a frame names a country and a product, and
at least three countries export at least three products. The threshold is positive.]],
    example = [[
local cm = require "capmod"
local f = cm.frame{ keys = { "country", "product" }, columns = { country = { "DEU", "CHN" },
  product = { "cars", "cars" }, value = { 6, -2 } } }
cm.complexity{ exports = f }]],
  },
  [2504] = {
    title = "a country that is not among the exporters",
    text = [[
Countries that export nothing, and for complexity those with an advantage in nothing, are
left out; the lines over a table name them.]],
    example = [[
local cm = require "capmod"
cm.complexity{ exports = cm.data.world }:basket "ETH"]],
  },
}
