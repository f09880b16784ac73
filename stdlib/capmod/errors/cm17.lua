--- CM17xx: grids, matrices written as text.

return {
  [1701] = {
    title = "a grid with nothing in it",
    text = [[
The first line of a grid names the columns, and each line after it a row with its
numbers; at least one row is needed.]],
    example = [[
local cm = require "capmod"
cm.grid "USA KOR"]],
  },
  [1702] = {
    title = "a row of another length",
    text = [[
A row of a grid has more or fewer numbers than there are columns. Every element
is written, an empty one as 0; a label has no blanks in it.]],
    example = [[
local cm = require "capmod"
cm.grid "USA KOR \n A 1 2 3"]],
  },
  [1703] = {
    title = "an element of a grid is not a number",
    text = [[
Elements are decimal numbers with a point: 1200, -3.5, 2e6. No commas between
thousands, no percent signs.]],
    example = [[
local cm = require "capmod"
cm.grid "USA KOR \n A 1,200 2"]],
  },
  [1704] = {
    title = "a label stands twice in a grid",
    text = [[
Rows are told apart by their labels, and so are columns.]],
    example = [[
local cm = require "capmod"
cm.grid "USA USA \n A 1 2"]],
  },
}
