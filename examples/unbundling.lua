-- How finely is a car cut as it gets cheaper to ship parts and to agree on them? Two stages may be
-- made whole or from modules of their own; illustrative figures. Stages move in jumps: the body
-- first leaves in one piece, and comes home once its labour-intensive modules can leave alone
-- (Baldwin and Venables 2013 call it overshooting).
local cm = require "capmod"

local car = cm.chain{
  name = "car", unit = "USD 1000", market = "DEU",
  stages = {
    { "engine", at = { "DEU", "POL", "CHN" }, recipes = {
      whole = { labour = { skilled = 34, unskilled = 30 }, capital = 2.2 },
      modules = { labour = { skilled = 6, unskilled = 5 }, capital = 0.8, interface = 0.6,
        stages = {
          { "block", labour = { skilled = 2, unskilled = 26 }, capital = 1 },
          { "injection", labour = { skilled = 13, unskilled = 1 }, capital = 0.3 },
          { "electronics", labour = { skilled = 9, unskilled = 2 }, capital = 0.2 } } } } },
    { "body", at = { "DEU", "POL", "CHN" }, recipes = {
      whole = { labour = { skilled = 26, unskilled = 45 }, capital = 2.5 },
      modules = { labour = { skilled = 8, unskilled = 6 }, capital = 1.2, interface = 0.6,
        stages = {
          { "panels", labour = { skilled = 16, unskilled = 2 }, capital = 1.1 },
          { "seats", labour = { unskilled = 20 }, capital = 0.1 },
          { "harness", labour = { unskilled = 18 } } } } } },
    { "assembly", at = { "DEU", "POL" }, labour = { skilled = 25, unskilled = 15 }, capital = 1.5,
      uses = { "engine", "body" } },
  },
  places = {
    DEU = { wage = { skilled = 0.055, unskilled = 0.05 } },
    POL = { wage = { skilled = 0.045, unskilled = 0.015 }, productivity = 0.6 },
    CHN = { wage = { skilled = 0.045, unskilled = 0.008 }, productivity = 0.5 },
  },
  trade = { freight = 0.2 },
}

local rows, last = {}, nil
for i, fall in ipairs{ 1, 0.7, 0.5, 0.3, 0.15, 0.05 } do
  last = car:with{ freight = 0.2 * fall, ["interface.engine.modules"] = 0.6 * fall,
    ["interface.body.modules"] = 0.6 * fall }:locate()
  local d = last:division()
  rows[i] = { costs = fall, cost = last.cost, modules = d:get{ what = "modules" }.count,
    places = d:get{ what = "places" }.count, intermediates = d:get{ what = "intermediates" }.share,
    borders = d:get{ what = "crosses borders" }.share }
end
print(cm.frame{ title = "the car as freight and interface costs fall", unit = car.unit,
  keys = { "costs" }, rows = rows, bar = false, cols = {
    { "costs", format = "percent" }, { "cost", digits = 2 }, { "modules", digits = 0, unit = "1" },
    { "places", digits = 0, unit = "1" }, { "intermediates", format = "percent" },
    { "borders", format = "percent" } } })
print(last)
print(last:division())
print(last:why "engine")
