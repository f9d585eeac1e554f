// From text to Program. A form has a letter for each operand: d a register that is written, D one with an optional
// predicate behind a bar, s a source, v registers in braces or one alone, m an address, l a label, z the number 0.
#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "fault.h"
#include "program.h"

namespace device {
namespace {

// Words and single signs, each with its line.
struct Token {
    std::string text;
    uint32_t line;
};

bool isWord(char c) { return std::isalnum((unsigned char) c) || c == '_' || c == '$' || c == '%' || c == '.'; }

std::vector<Token> tokens(const std::string &text) {
    std::vector<Token> all;
    uint32_t line = 1;
    for (size_t i = 0; i < text.size();) {
        char c = text[i];
        if (c == '\n') {
            line++;
        }
        if (std::isspace((unsigned char) c)) {
            i++;
        } else if (text.compare(i, 2, "//") == 0) {
            i = std::min(text.find('\n', i), text.size());
        } else if (c == '"') {
            size_t end = text.find('"', i + 1);
            all.push_back({text.substr(i, end - i + 1), line});
            i = end == std::string::npos ? text.size() : end + 1;
        } else if (isWord(c) || (c == '-' && i + 1 < text.size() && std::isdigit((unsigned char) text[i + 1]))) {
            size_t end = i + 1;
            while (end < text.size() && isWord(text[end])) {
                end++;
            }
            all.push_back({text.substr(i, end - i), line});
            i = end;
        } else {
            all.push_back({std::string(1, c), line});
            i++;
        }
    }
    return all;
}

class Parser {
public:
    explicit Parser(const std::string &text) : all(tokens(text)) {}

    Program parse() {
        while (at < all.size()) {
            std::string word = next();
            if (word == ".version") {
                std::string version = next();
                program.version = (version[0] - '0') * 10 + (version.size() > 2 ? version[2] - '0' : 0);
            } else if (word == ".target") {
                program.target = std::atoi(next().c_str() + 3);
            } else if (word == ".address_size") {
                require(next() == "64", "64-bit addresses");
            } else if (word == ".const") {
                constant();
            } else if (word == ".visible") {
                expect(".entry");
                entry();
            } else {
                refuse("'" + word + "'");
            }
        }
        require(program.version > 0 && program.target > 0, "a version and a target");
        return std::move(program);
    }

private:
    std::vector<Token> all;
    size_t at = 0;
    Program program;
    std::map<std::string, uint64_t> constantSymbols;

    // Of the kernel at hand.
    Kernel *kernel = nullptr;
    std::map<std::string, uint64_t> symbols;
    std::map<std::string, uint16_t> slots;
    std::map<std::string, uint32_t> labels;
    std::vector<std::pair<uint32_t, std::string>> branches;

    [[noreturn]] void refuse(const std::string &what) const {
        uint32_t line = all.empty() ? 0 : all[at == 0 ? 0 : std::min(at, all.size()) - 1].line;
        throw Fault(INVALID_PTX, "line " + std::to_string(line) + ": " + what + " is not known here");
    }
    void require(bool condition, const std::string &what) const {
        if (!condition) {
            refuse("anything but " + what);
        }
    }
    std::string next() {
        if (at >= all.size()) {
            refuse("the end");
        }
        return all[at++].text;
    }
    bool accept(const std::string &text) {
        bool there = at < all.size() && all[at].text == text;
        at += there;
        return there;
    }
    void expect(const std::string &text) {
        if (!accept(text)) {
            next();
            refuse("'" + all[at - 1].text + "' where '" + text + "' should be");
        }
    }
    uint64_t number() {
        std::string text = next();
        bool negative = text[0] == '-';
        char *end = nullptr;
        uint64_t value = std::strtoull(text.c_str() + negative, &end, 0);
        while (*end == 'U') {
            end++;
        }
        require(*end == 0 && end != text.c_str() + negative, "a whole number");
        return negative ? 0 - value : value;
    }

    // [.align N] .b8 NAME[BYTES]; gives the name and leaves the offset behind what was there.
    std::pair<std::string, uint32_t> array(uint32_t &offset) {
        uint32_t alignment = 1;
        if (accept(".align")) {
            alignment = (uint32_t) number();
        }
        std::string type = next();
        uint32_t element = type == ".b8" ? 1 : type == ".u32" || type == ".b32" ? 4 : type == ".u64" || type == ".b64" ? 8 : 0;
        require(element > 0, "an array of whole numbers");
        std::string name = next();
        uint32_t count = 1;
        if (accept("[")) {
            count = (uint32_t) number();
            expect("]");
        }
        alignment = std::max(alignment, element);
        offset = (offset + alignment - 1) / alignment * alignment;
        uint32_t start = offset;
        offset += element * count;
        return {name, start};
    }

    void constant() {
        uint32_t size = (uint32_t) program.constants.size();
        auto [name, start] = array(size);
        program.constants.resize(size);
        constantSymbols[name] = start;
        if (accept("=")) {
            expect("{");
            for (uint32_t i = start; !accept("}"); i++) {
                require(i < size, "as many bytes as there is room for");
                program.constants[i] = (uint8_t) number();
                accept(",");
            }
        }
        expect(";");
    }

    void entry() {
        std::string name = next();
        kernel = &program.kernels[name];
        kernel->name = name;
        kernel->registers.assign(FIRST_FREE, 0);
        symbols = constantSymbols;
        slots = {{"%tid.x", TID_X}, {"%ntid.x", NTID_X}, {"%ctaid.x", CTAID_X}, {"%nctaid.x", NCTAID_X}, {"%laneid", LANEID}};
        labels.clear();
        branches.clear();
        expect("(");
        while (!accept(")")) {
            expect(".param");
            auto [parameter, start] = array(kernel->parameterBytes);
            symbols[parameter] = start;
            kernel->parameters.push_back(start);
            kernel->parameterSizes.push_back(kernel->parameterBytes - start);
            accept(",");
        }
        while (!accept("{")) {
            require(accept(".maxntid"), "a bound of threads");
            kernel->maxThreads = (uint32_t) number();
            while (accept(",")) {
                require(number() == 1, "threads along one axis");
            }
        }
        while (!accept("}")) {
            statement();
        }
        require(!kernel->code.empty() && leaves(kernel->code.back()), "a kernel that ends with a return or a branch");
        for (auto &[index, label] : branches) {
            require(labels.count(label) == 1, "a branch to a label");
            kernel->code[index].target = labels[label];
        }
    }

    // Nothing runs behind it.
    static bool leaves(const Instruction &i) {
        return i.guard == NONE && (i.run == known("ret").run || i.run == known("bra").run);
    }

    void statement() {
        if (accept(".reg")) {
            registers();
        } else if (accept(".shared")) {
            auto [name, start] = array(kernel->sharedBytes);
            symbols[name] = start;
            expect(";");
        } else if (accept(".pragma")) {
            next();
            expect(";");
        } else if (at + 1 < all.size() && all[at + 1].text == ":") {
            labels[next()] = (uint32_t) kernel->code.size();
            next();
        } else {
            instruction();
        }
    }

    void registers() {
        std::string type = next();
        require(type == ".pred" || type == ".b16" || type == ".b32" || type == ".b64", "registers of bits");
        std::string prefix = next();
        expect("<");
        uint64_t count = number();
        expect(">");
        expect(";");
        for (uint64_t i = 0; i < count; i++) {
            slots[prefix + std::to_string(i)] = slot(0);
        }
    }

    uint16_t slot(uint64_t value) {
        require(kernel->registers.size() < 65535, "fewer registers");
        kernel->registers.push_back(value);
        return (uint16_t) (kernel->registers.size() - 1);
    }

    uint16_t source() {
        const std::string &text = all[std::min(at, all.size() - 1)].text;
        auto known = slots.find(text);
        if (known != slots.end()) {
            at++;
            return known->second;
        }
        auto symbol = symbols.find(text);
        if (symbol != symbols.end()) {
            at++;
            return slots["&" + text] = slot(symbol->second);
        }
        require(text[0] != '%', "a register that is declared");
        std::string name = "=" + text;
        uint64_t value = number();
        auto constant = slots.find(name);
        return constant != slots.end() ? constant->second : slots[name] = slot(value);
    }

    uint16_t destination() {
        auto found = slots.find(next());
        require(found != slots.end() && found->second >= FIRST_FREE, "a register that may be written");
        return found->second;
    }

    void instruction() {
        Instruction i;
        if (accept("@")) {
            i.guardNegated = accept("!");
            i.guard = source();
        }
        i.line = all[std::min(at, all.size() - 1)].line;
        std::string name = next();
        if (at + 2 < all.size() && name == "mov.b64") {
            name += all[at].text == "{" ? " to {}" : all[at + 2].text == "{" ? " from {}" : "";
        }
        Known known = device::known(name);
        if (known.run == nullptr) {
            refuse("instruction '" + name + "'");
        }
        i.run = known.run;
        i.together = known.together;
        uint16_t *sources[] = {&i.a, &i.b, &i.c, &i.d};
        size_t used = 0;
        std::vector<uint16_t> list;
        for (const char *form = known.form; *form != 0; form++) {
            if (form != known.form) {
                expect(",");
            }
            switch (*form) {
            case 'd': i.to = destination(); break;
            case 'D':
                i.to = destination();
                i.offset = accept("|") ? destination() : slot(0);
                break;
            case 's': *sources[used++] = source(); break;
            case 'v': vector(list); break;
            case 'm':
                expect("[");
                *sources[used++] = source();
                if (accept("+")) {
                    i.offset = (int32_t) number();
                }
                expect("]");
                break;
            case 'l':
                branches.emplace_back((uint32_t) kernel->code.size(), next());
                break;
            default: require(number() == 0, "barrier 0");
            }
        }
        expect(";");
        i.count = (uint8_t) list.size();
        if (!list.empty()) {
            kernel->lists.push_back(std::move(list));
            i.list = kernel->lists.back().data();
        }
        kernel->code.push_back(i);
    }

    void vector(std::vector<uint16_t> &list) {
        if (!accept("{")) {
            list.push_back(source());
            return;
        }
        do {
            list.push_back(source());
        } while (accept(","));
        expect("}");
    }
};

}  // namespace

Program parse(const std::string &text) { return Parser(text).parse(); }

}  // namespace device
