local blocks = dofile "tests/support/blocks.lua"

for _, path in ipairs(blocks.files "README.md docs/*.md") do
  for _, block in ipairs((blocks.of(path))) do
    describe(("%s:%d"):format(path, block.line), function()
      it("prints what the page shows", function()
        local missing = blocks.missing(block)
        if missing then return pending("needs " .. missing) end
        assert.equal(block.text, blocks.run(block))
      end)
    end)
  end
end

describe("every example", function()
  local shown = {}
  for _, block in ipairs((blocks.of "docs/examples.md")) do
    local name = block.kind == "sh" and block.code:match "examples/[%w_]+%.lua"
    if name then shown[name] = true end
  end
  for _, name in ipairs(blocks.files "examples/*.lua") do
    it(name .. " is shown in docs/examples.md", function() assert.is_true(shown[name]) end)
  end
end)
