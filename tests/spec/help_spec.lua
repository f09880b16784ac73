local each = require "capmod.each"
local help = require "capmod.help"

describe("help", function()
  it("finds names written in full, short, or by their end", function()
    for _, name in ipairs{ "cm.frame", "frame", "Frame" } do
      assert.matches("^cm%.frame{ %.%.%. }", help.text(name))
    end
    assert.matches("^frame:sort%(by%)", help.text "frame:sort")
    assert.matches("^frame:sort%(by%)", help.text "frame.sort")
    assert.matches("^frame:markdown%(", help.text "markdown")
    assert.is_nil(help.text "nowhere")
  end)

  it("shows the fields that the constructor checks, with what they mean", function()
    local text = help.text "chain"
    assert.matches("name%s+string, needed%s+what is made", text)
    assert.matches("price%s+number%s+what the stages must add up to", text)
    assert.matches("methods: .*decompose", text)
  end)

  it("shows arguments and what a function gives", function()
    local text = help.text "cm.codes.group"
    assert.matches("arguments\n  name  string\n  year  integer%?", text)
    assert.matches("gives string%[%] codes", text)
  end)

  it("searches all texts, and the errors", function()
    local found = table.concat(help.search "leave part of it to nobody", "\n")
    assert.matches("CM2101", found)
    assert.matches("cm%.chain", table.concat(help.search "stages must add up", "\n"))
    assert.same({}, help.search "xyzzy")
  end)

  it("suggests the nearest name", function()
    assert.equal("did you mean 'cm.frame'?", help.suggest "fraem")
    assert.equal("did you mean 'frame:pivot'?", help.suggest "frame:pivto")
  end)

  it("is what docs/reference.md holds (capmod help --reference writes it)", function()
    local page = assert(io.open("docs/reference.md"))
    local text = page:read "a"
    page:close()
    assert.is_true(text == help.reference(), "docs/reference.md is not current: "
      .. "capmod help --reference > docs/reference.md")
  end)

  it("has a text for every public name", function()
    local missing = {}
    for name, place in each(getmetatable(require "capmod").where) do
      if package.searchpath(place[1], package.path) then
        local found = help.find("cm." .. name)
        if #found ~= 1 or found[1].doc == "" then missing[#missing + 1] = name end
      end
    end
    assert.same({}, missing)
  end)

  it("knows the verbs of chains, plans and courses, and no others", function()
    local cm = require "capmod"
    local chain = cm.chain{ name = "x", home = "CHN", stages = {
      { "a", at = { "CHN", "VNM" }, adds = { CHN = 1, VNM = 2 } } } }
    local objects = { chain = chain, plan = chain:locate(), course = chain:over{
      years = { 2026, 2027 } }, country = cm.model.country "CHN" }
    for noun, object in each(objects) do
      local listed = help.methods(noun)
      assert.is_true(#listed > 5, noun)
      for _, name in ipairs(listed) do
        assert.equal("function", type(object[name]), ("%s:%s"):format(noun, name))
      end
    end
    for _, name in ipairs{ "chain:draw", "chain:frontier", "plan:why", "plan:range", "course:path",
      "country:distance" } do
      assert.matches("^" .. name .. "%(", help.text(name))
    end
  end)

  it("shows what stages, places, operators and trade may say", function()
    assert.matches("lead_time%s+number%s+days from the start", help.text "stage")
    assert.matches("capacity%s+number|table%s+labour there is", help.text "place")
    assert.matches("abroad%s+number%s+efficiency kept", help.text "operator")
    assert.matches("origin_rule%s+table%s+{ BRA", help.text "trade")
    assert.matches("nearby%s+table%s+which places", help.text "chain")
    assert.matches("\nmethods: alternatives ", help.text "plan")
  end)

  it("describes the methods of the engine's objects that there are, and no others", function()
    local core = require "capmod.core"
    local wrong, count = {}, 0
    for _, class in ipairs{ "Matrix", "LU", "Sparse", "SparseLU", "Table", "Text" } do
      local described = {}
      for _, name in ipairs(help.methods(class)) do described[name] = true end
      for name in each(core[class] or {}) do
        count = count + 1
        if not described[name] and not name:find "^_" then
          wrong[#wrong + 1] = class .. ":" .. name .. " is not described"
        end
      end
    end
    assert.is_true(count > 30)
    assert.same({}, wrong)
  end)
end)
