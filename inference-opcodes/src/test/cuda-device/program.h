// PTX in the form in which it is executed.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace device {

struct Thread;
struct Instruction;

// What a thread does after an instruction.
enum Outcome { NEXT, BARRIER, WARP, EXIT };

typedef Outcome (*Handler)(Thread &, const Instruction &);
struct Kernel;
class Block;

// An operation of all 32 threads of a warp together, once each has reached it.
typedef void (*WarpHandler)(Thread *const *lanes, const Instruction &);

// Operands are slots of a thread's registers; immediates and addresses of symbols have slots of their own.
struct Instruction {
    Handler run = nullptr;
    WarpHandler together = nullptr;
    uint16_t guard = 0;  // slot of the predicate; 0 for none
    bool guardNegated = false;
    uint8_t count = 1;  // elements of a vector
    uint16_t to = 0, a = 0, b = 0, c = 0, d = 0;
    int32_t offset = 0;    // of an address
    uint32_t target = 0;   // of a branch
    const uint16_t *list = nullptr;  // slots of vectors, one after another
    uint32_t line = 0;
};

// Slots that every thread has; slot 0 is never written.
enum Special : uint16_t { NONE, TID_X, NTID_X, CTAID_X, NCTAID_X, LANEID, FIRST_FREE };

struct Kernel {
    std::string name;
    std::vector<Instruction> code;
    std::vector<std::vector<uint16_t>> lists;
    std::vector<uint64_t> registers;  // initial content of all slots
    std::vector<uint32_t> parameters;  // offsets in the block of parameters
    std::vector<uint32_t> parameterSizes;
    uint32_t parameterBytes = 0;
    uint32_t sharedBytes = 0;
    uint32_t maxThreads = 1024;
};

struct Program {
    int version = 0;  // of PTX, as 10·major + minor
    int target = 0;   // sm_…
    std::vector<uint8_t> constants;
    std::map<std::string, Kernel> kernels;
};

// Faults with INVALID_PTX and a line when there is anything that is not known: every floating-point instruction is.
Program parse(const std::string &text);

// The handler of an instruction by its full name; both null when it is not known.
struct Known {
    Handler run = nullptr;
    WarpHandler together = nullptr;
    const char *form = "";  // operands: see parser.cpp
};
Known known(const std::string &name);

}  // namespace device
