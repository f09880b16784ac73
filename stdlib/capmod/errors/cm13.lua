--- CM13xx: numbers, shapes and places in matrices.

return {
  [1301] = {
    title = "invalid argument",
    text = [[
An argument is none that the operation knows: an element that is not a number, a
side other than "row" and "col", a norm that does not exist, the least of nothing.]],
    example = [[
local cm = require "capmod"
print(cm.matrix{ data = { { 1, 2 }, { 3, "4" } } })]],
  },
  [1302] = {
    title = "shapes do not fit",
    text = [[
Two matrices, or a matrix and a list, have sizes that do not go together. The
message gives both shapes, rows first. Element by element, a side fits one of its
own size or of size 1; in a product the columns of the first meet the rows of the
second.]],
    example = [[
local cm = require "capmod"
local m = cm.matrix{ data = { { 1, 2, 3 }, { 4, 5, 6 } } }
print(m:mul(m))]],
  },
  [1303] = {
    title = "index out of range",
    text = [[
A row, a column or an element was asked for by a number that is not there. Places
are counted from 1.]],
    example = [[
local cm = require "capmod"
print(cm.matrix{ data = { { 1, 2 } } }:get(2, 1))]],
  },
  [1304] = {
    title = "not a finite number",
    text = [[
A matrix holds infinity or "not a number" at the place named, mostly from a
division by zero (a row without output) or a missing value. Linear algebra would
spread it over the whole result. m:recip() gives 0 for 0, as input-output work
wants it.]],
    example = [[
local cm = require "capmod"
local x = cm.matrix{ data = { { 2, 0 }, { 0, 0 } } }
print((1 / x):inv())]],
  },
  [1305] = {
    title = "size too large to address",
    text = [[
The size asked for is more than the machine, or the linear algebra library, can
count. It is most often a wrong number of rows.]],
    example = [[
local cm = require "capmod"
cm.matrix{ rows = 1 << 62, cols = 8 }]],
  },
  [1306] = {
    title = "label given twice",
    text = [[
The labels of a side tell its rows apart, so each may stand once. The message
names the label and both places.]],
    example = [[
local cm = require "capmod"
cm.matrix{ rows = { "USA", "KOR", "USA" }, cols = 1, fill = 0 }]],
  },
}
