--- Frames as tables of HTML.

local args = require "capmod.args"
local layout = require "capmod.frame.layout"
local store = require "capmod.frame.store"
local text = require "capmod.text"

local html = { methods = {} }

local xml = text.xml

local function row(cells, cols, mark)
  local parts = {}
  for k, cell in ipairs(cells) do
    local number = layout.is_number(cols[k]) and ' class="number"' or ""
    parts[k] = ("<%s%s>%s</%s>"):format(mark, mark == "th" and ' scope="col"' .. number or number,
      xml(cell), mark)
  end
  return "<tr>" .. table.concat(parts) .. "</tr>"
end

local function lines(out, list, class)
  for _, s in ipairs(list) do
    out[#out + 1] = ('<p class="%s">%s</p>'):format(class, xml(s))
  end
end

local function written(d, n)
  local out, heads, shows = {}, {}, {}
  lines(out, d.note, "note")
  out[#out + 1] = "<table>"
  local title = layout.title(d) or ""
  if title ~= "" then out[#out + 1] = ("<caption>%s</caption>"):format(xml(title)) end
  for k, col in ipairs(d.cols) do
    heads[k], shows[k] = layout.header(d, col), layout.formatter(d, col)
  end
  out[#out + 1] = "<thead>" .. row(heads, d.cols, "th") .. "</thead>"
  out[#out + 1] = "<tbody>"
  for i = 1, n do
    local cells = {}
    for k, col in ipairs(d.cols) do cells[k] = shows[k](d.data[col.name][i]) end
    out[#out + 1] = row(cells, d.cols, "td")
  end
  out[#out + 1] = "</tbody></table>"
  if n < d.n then lines(out, { "… " .. text.count(d.n - n, "more row") }, "note") end
  lines(out, d.check, "note")
  return table.concat(out, "\n") .. "\n"
end

--- The frame as a table of HTML, with its title as the caption, its notes above and its checks
--- below, for a page that says how it looks (numbers are of the class "number").
---@param t? { rows: integer? }  at most so many rows; all if left out
---@return string
function html.methods:html(t)
  local d = store.of(self)
  args.check("html", t or {}, { rows = { "integer", about = "at most so many rows" } })
  return text.document(written, d, math.max(0, math.min(d.n, t and t.rows or d.n)))
end

return html
