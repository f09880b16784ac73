--- CM12xx: labels of matrices.

return {
  [1201] = {
    title = "unknown label",
    text = [[
A row or column of a matrix was asked for by a label that it does not have.
m:labels "row" lists the labels; the part before the dot stands for all labels
that begin with it: m{ from = "KOR" } takes KOR.A, KOR.C29 and so on.]],
    example = [[
local cm = require "capmod"
local m = cm.matrix{ rows = { "USA", "KOR" }, cols = { "value" }, fill = 1 }
print(m{ from = "KRO" })]],
  },
  [1202] = {
    title = "a side without labels",
    text = [[
A row or column was asked for by label, and this side of the matrix has none.
Give labels by m:label{ rows = { ... }, cols = { ... } }, or ask by place: m:get(1, 2).]],
    example = [[
local cm = require "capmod"
print(cm.matrix{ data = { { 1, 2 } } }{ to = "USA" })]],
  },
  [1203] = {
    title = "labels differ",
    text = [[
Two matrices were combined whose labels are not the same. The same labels in
another order are brought into the order of the first; different ones would give
a wrong answer in silence, so they are refused, and the first three that differ
are named. Take the part that both have (m{ from = { ... } }), or bring both to
the same classification (m:group).]],
    example = [[
local cm = require "capmod"
local a = cm.matrix{ rows = { "USA", "KOR" }, cols = 1, fill = 1 }
local b = cm.matrix{ rows = { "USA", "JPN" }, cols = 1, fill = 1 }
print(a + b)]],
  },
  [1204] = {
    title = "a matrix does not change",
    text = [[
A value was put into a matrix. Matrices are shared by views and tables and stay
as they were made; arithmetic, m:label, m:take and m:join give others.]],
    example = [[
local cm = require "capmod"
local m = cm.matrix{ data = { { 1, 2 } } }
m.unit = "USD"]],
  },
}
