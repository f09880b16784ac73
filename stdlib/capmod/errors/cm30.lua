--- CM30xx: scenarios, their parameters and results, and comparisons.

return {
  [3001] = {
    title = "no such parameter",
    text = [[
A scenario or model was given, or asked for, a parameter that it does not declare.
s:params() lists them.]],
    example = [[
local cm = require "capmod"
local s = cm.scenario{ name = "shoes", params = { tariff = 0.17 },
  run = function(p) return { cost = p.tariff } end }
s:with{ tarif = 0 }]],
  },
  [3002] = {
    title = "a parameter out of its range",
    text = [[
The value lies outside min and max, or is not among the choices that the
declaration of the parameter states. Percentages are fractions: 0.17, not 17.]],
    example = [[
local cm = require "capmod"
local s = cm.scenario{ name = "shoes", run = function(p) return { cost = p.tariff } end,
  params = { tariff = { 0.17, min = 0, max = 1, about = "importer's duty" } } }
s:with{ tariff = 17 }]],
  },
  [3003] = {
    title = "a parameter of the wrong type",
    text = [[
The value is not of the type that the parameter has: a text where a number is
needed, say.]],
    example = [[
local cm = require "capmod"
local s = cm.scenario{ name = "shoes", params = { tariff = 0.17 },
  run = function(p) return { cost = p.tariff } end }
s:with{ tariff = "high" }]],
  },
  [3004] = {
    title = "a parameter without a value",
    text = [[
A model declares a parameter that has no default, and the scenario made of it does
not say what it is.]],
    example = [[
local cm = require "capmod"
local model = cm.define.model{ name = "CM3004", about = "a model that needs a price",
  params = { price = { min = 0 } }, run = function(p) return { double = 2 * p.price } end }
model{}:run()]],
  },
  [3005] = {
    title = "the recipe of a scenario failed",
    text = [[
The function `run` of a scenario raised an error, which stands behind the name of
the scenario and, in a sweep, the values that brought it about. The error object
holds the inner one as `cause`.]],
    example = [[
local cm = require "capmod"
local s = cm.scenario{ name = "shoes", params = { n = 1 },
  run = function(p) return { cost = p.m } end }
s:run()]],
  },
  [3006] = {
    title = "a recipe without named results",
    text = [[
The function `run` of a scenario has to return a table of outputs by name:
return { cost = 3, share = 0.2 }. The names save, report, provenance and scenario are
taken; in a sweep no output may bear the name of a
parameter that is varied.]],
    example = [[
local cm = require "capmod"
cm.scenario{ name = "shoes", run = function() return 3 end }:run()]],
  },
  [3007] = {
    title = "a parameter is not declared as it should be",
    text = [[
A parameter is declared as name = value, or
name = { value, unit =, min =, max =, about =, choices = }. A list as a value has
its own braces. The names name, about, model, run, with, sweep,
sample, tornado and params are taken.]],
    example = [[
local cm = require "capmod"
cm.scenario{ name = "shoes", params = { places = { "CHN", "ETH" } }, run = print }]],
  },
  [3008] = {
    title = "a range, distribution or list without values",
    text = [[
A range that never reaches its end, a distribution whose bounds are the wrong way
round, an empty list in a sweep or a sample, or low and high that are not two values.]],
    example = [[
local cm = require "capmod"
cm.range(0, 1, -0.1)]],
  },
  [3009] = {
    title = "scenarios and results do not change",
    text = [[
A scenario or a result was assigned to. s:with{ tariff = 0 } makes another
scenario; outputs come from the recipe.]],
    example = [[
local cm = require "capmod"
local s = cm.scenario{ name = "shoes", params = { tariff = 0.17 }, run = print }
s.tariff = 0]],
  },
  [3010] = {
    title = "no such output",
    text = [[
A result was asked for an output that the recipe did not return.]],
    example = [[
local cm = require "capmod"
local r = cm.scenario{ name = "shoes", run = function() return { cost = 3 } end }:run()
print(r.csot)]],
  },
  [3011] = {
    title = "these things cannot be compared",
    text = [[
cm.compare takes things of one sort: scenarios and their results, tables of
numbers, or frames and what answers :decompose. Frames need the same keys.]],
    example = [[
local cm = require "capmod"
cm.compare{ 1, 2 }]],
  },
}
