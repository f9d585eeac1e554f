// The instructions by name, as the PTX manual defines them. What is not in the table is refused; no instruction on
// floating-point numbers is in it.
#include <bit>
#include <type_traits>
#include <unordered_map>

#include "block.h"
#include "fault.h"

namespace device {
namespace {

template <class T>
using Unsigned = std::make_unsigned_t<T>;

#define OPERATION(name, expression)                                \
    template <class T>                                             \
    struct name {                                                  \
        static T of(T a, T b) {                                    \
            [[maybe_unused]] Unsigned<T> x = (Unsigned<T>) a;      \
            [[maybe_unused]] Unsigned<T> y = (Unsigned<T>) b;      \
            return (T) (expression);                               \
        }                                                          \
    }

OPERATION(Add, x + y);
OPERATION(Subtract, x - y);
OPERATION(Low, (uint64_t) x * (uint64_t) y);
OPERATION(Least, a < b ? a : b);
OPERATION(Most, a > b ? a : b);
OPERATION(And, x & y);
OPERATION(Or, x | y);
OPERATION(Xor, x ^ y);
OPERATION(Equal, a == b);
OPERATION(Unequal, a != b);
OPERATION(Less, a < b);
OPERATION(LessEqual, a <= b);
OPERATION(Greater, a > b);
OPERATION(GreaterEqual, a >= b);

// PTX leaves a division by zero open, and one whose quotient has no place: neither may happen.
template <class T>
void requireDivisible(T a, T b) {
    if (b == 0 || (std::is_signed_v<T> && b == (T) -1 && a == (T) ((Unsigned<T>) 1 << (8 * sizeof(T) - 1)))) {
        throw Fault(LAUNCH_FAILED, "a quotient that is not defined");
    }
}
template <class T>
struct Divide {
    static T of(T a, T b) {
        requireDivisible(a, b);
        return (T) (a / b);
    }
};
template <class T>
struct Remainder {
    static T of(T a, T b) {
        requireDivisible(a, b);
        return (T) (a % b);
    }
};

template <class T, template <class> class Operation>
Outcome binary(Thread &t, const Instruction &i) {
    t.set<T>(i.to, Operation<T>::of(t.get<T>(i.a), t.get<T>(i.b)));
    return NEXT;
}

template <class T, class Wide>
Outcome mulWide(Thread &t, const Instruction &i) {
    t.set<Wide>(i.to, (Wide) ((Wide) t.get<T>(i.a) * (Wide) t.get<T>(i.b)));
    return NEXT;
}

template <class T>
Outcome madLow(Thread &t, const Instruction &i) {
    t.set<T>(i.to, Add<T>::of(Low<T>::of(t.get<T>(i.a), t.get<T>(i.b)), t.get<T>(i.c)));
    return NEXT;
}

template <class T, class Wide>
Outcome madWide(Thread &t, const Instruction &i) {
    Wide product = (Wide) t.get<T>(i.a) * (Wide) t.get<T>(i.b);
    t.set<Wide>(i.to, Add<Wide>::of(product, t.get<Wide>(i.c)));
    return NEXT;
}

// Amounts from the width on move everything out.
template <class T>
Outcome shiftLeft(Thread &t, const Instruction &i) {
    uint32_t amount = t.get<uint32_t>(i.b);
    t.set<T>(i.to, amount >= 8 * sizeof(T) ? (T) 0 : (T) (t.get<T>(i.a) << amount));
    return NEXT;
}
template <class T>
Outcome shiftRight(Thread &t, const Instruction &i) {
    uint32_t last = 8 * sizeof(T) - 1;
    uint32_t amount = t.get<uint32_t>(i.b);
    T value = t.get<T>(i.a);
    t.set<T>(i.to, amount > last ? (T) (std::is_signed_v<T> ? value >> last : 0) : (T) (value >> amount));
    return NEXT;
}

Outcome funnelRightWrap(Thread &t, const Instruction &i) {
    uint64_t both = (uint64_t) t.get<uint32_t>(i.b) << 32 | t.get<uint32_t>(i.a);
    t.set<uint32_t>(i.to, (uint32_t) (both >> (t.get<uint32_t>(i.c) & 31)));
    return NEXT;
}
Outcome funnelLeftWrap(Thread &t, const Instruction &i) {
    uint64_t both = (uint64_t) t.get<uint32_t>(i.b) << 32 | t.get<uint32_t>(i.a);
    t.set<uint32_t>(i.to, (uint32_t) (both << (t.get<uint32_t>(i.c) & 31) >> 32));
    return NEXT;
}

template <class T>
Outcome move(Thread &t, const Instruction &i) {
    t.set<T>(i.to, t.get<T>(i.a));
    return NEXT;
}
// A wide register as two halves, the lower first, and back.
Outcome unpack(Thread &t, const Instruction &i) {
    uint64_t both = t.get<uint64_t>(i.a);
    t.set<uint32_t>(i.list[0], (uint32_t) both);
    t.set<uint32_t>(i.list[1], (uint32_t) (both >> 32));
    return NEXT;
}
Outcome pack(Thread &t, const Instruction &i) {
    t.set<uint64_t>(i.to, (uint64_t) t.get<uint32_t>(i.list[1]) << 32 | t.get<uint32_t>(i.list[0]));
    return NEXT;
}

template <class T>
Outcome negate(Thread &t, const Instruction &i) {
    t.set<T>(i.to, Subtract<T>::of(0, t.get<T>(i.a)));
    return NEXT;
}
template <class T>
Outcome absolute(Thread &t, const Instruction &i) {
    T a = t.get<T>(i.a);
    t.set<T>(i.to, a < 0 ? Subtract<T>::of(0, a) : a);
    return NEXT;
}
template <class T>
Outcome invert(Thread &t, const Instruction &i) {
    t.set<T>(i.to, (T) ~t.get<T>(i.a));
    return NEXT;
}
Outcome invertPredicate(Thread &t, const Instruction &i) {
    t.set<uint8_t>(i.to, t.get<uint8_t>(i.a) == 0);
    return NEXT;
}
template <class T>
Outcome leadingZeros(Thread &t, const Instruction &i) {
    t.set<uint32_t>(i.to, (uint32_t) std::countl_zero(t.get<T>(i.a)));
    return NEXT;
}
template <class T>
Outcome select(Thread &t, const Instruction &i) {
    t.set<T>(i.to, t.get<uint8_t>(i.c) ? t.get<T>(i.a) : t.get<T>(i.b));
    return NEXT;
}

// The lowest bits of a take the place of `length` bits of b.
template <class T>
Outcome insertBits(Thread &t, const Instruction &i) {
    uint32_t position = t.get<uint32_t>(i.c) & 0xff;
    uint32_t length = t.get<uint32_t>(i.d) & 0xff;
    T value = t.get<T>(i.b);
    for (uint32_t bit = 0; bit < length && position + bit < 8 * sizeof(T); bit++) {
        T one = (T) 1 << (position + bit);
        value = t.get<T>(i.a) >> bit & 1 ? value | one : value & ~one;
    }
    t.set<T>(i.to, value);
    return NEXT;
}

Outcome permute(Thread &t, const Instruction &i) {
    uint64_t bytes = (uint64_t) t.get<uint32_t>(i.b) << 32 | t.get<uint32_t>(i.a);
    uint32_t selectors = t.get<uint32_t>(i.c);
    uint32_t result = 0;
    for (int k = 0; k < 4; k++) {
        uint32_t selector = selectors >> (4 * k) & 15;
        uint32_t byte = (uint32_t) (bytes >> (8 * (selector & 7))) & 0xff;
        if (selector & 8) {
            byte = byte & 0x80 ? 0xff : 0;
        }
        result |= byte << (8 * k);
    }
    t.set<uint32_t>(i.to, result);
    return NEXT;
}

template <class To, class From>
Outcome convert(Thread &t, const Instruction &i) {
    t.set<To>(i.to, (To) t.get<From>(i.a));
    return NEXT;
}

template <class A, class B>
int32_t dot(uint32_t a, uint32_t b) {
    int32_t sum = 0;
    for (int k = 0; k < 32; k += 8) {
        sum += (int32_t) (A) (a >> k) * (int32_t) (B) (b >> k);
    }
    return sum;
}
template <class A, class B>
Outcome dp4a(Thread &t, const Instruction &i) {
    uint32_t sum = (uint32_t) dot<A, B>(t.get<uint32_t>(i.a), t.get<uint32_t>(i.b));
    t.set<uint32_t>(i.to, t.get<uint32_t>(i.c) + sum);
    return NEXT;
}

uint64_t address(const Thread &t, const Instruction &i) { return t.get<uint64_t>(i.a) + (int64_t) i.offset; }

template <class T>
void loadAll(Thread &t, const Instruction &i, const uint8_t *from) {
    for (int k = 0; k < i.count; k++) {
        T value;
        __builtin_memcpy(&value, from + k * sizeof(T), sizeof(T));
        // To the width of the register, signed or not.
        t.set<int64_t>(i.list[k], (int64_t) value);
    }
}
template <class T>
Outcome loadGlobal(Thread &t, const Instruction &i) {
    loadAll<T>(t, i, t.block->global(t, address(t, i), (uint32_t) (i.count * sizeof(T))));
    return NEXT;
}
template <class T>
Outcome loadShared(Thread &t, const Instruction &i) {
    loadAll<T>(t, i, t.block->shared(t, t.get<uint32_t>(i.a) + (uint32_t) i.offset, i.count * sizeof(T), false));
    return NEXT;
}
template <class T>
Outcome loadParameter(Thread &t, const Instruction &i) {
    loadAll<T>(t, i, t.block->parameter(address(t, i), (uint32_t) (i.count * sizeof(T))));
    return NEXT;
}
template <class T>
Outcome loadConstant(Thread &t, const Instruction &i) {
    loadAll<T>(t, i, t.block->constant(address(t, i), (uint32_t) (i.count * sizeof(T))));
    return NEXT;
}

template <class T>
void storeAll(Thread &t, const Instruction &i, uint8_t *to) {
    for (int k = 0; k < i.count; k++) {
        T value = t.get<T>(i.list[k]);
        __builtin_memcpy(to + k * sizeof(T), &value, sizeof(T));
    }
}
template <class T>
Outcome storeGlobal(Thread &t, const Instruction &i) {
    storeAll<T>(t, i, t.block->globalToWrite(t, address(t, i), (uint32_t) (i.count * sizeof(T))));
    return NEXT;
}
template <class T>
Outcome storeShared(Thread &t, const Instruction &i) {
    storeAll<T>(t, i, t.block->shared(t, t.get<uint32_t>(i.a) + (uint32_t) i.offset, i.count * sizeof(T), true));
    return NEXT;
}

template <class T>
Outcome atomicAdd(Thread &t, const Instruction &i) {
    T old;
    __builtin_memcpy(&old, t.block->global(t, address(t, i), sizeof(T)), sizeof(T));
    T sum = Add<T>::of(old, t.get<T>(i.b));
    __builtin_memcpy(t.block->globalToWrite(t, address(t, i), sizeof(T)), &sum, sizeof(T));
    t.set<T>(i.to, old);
    return NEXT;
}

Outcome branch(Thread &t, const Instruction &i) {
    if (i.target <= t.pc) {
        t.block->count();
    }
    t.pc = i.target;
    return NEXT;
}
Outcome leave(Thread &, const Instruction &) { return EXIT; }
Outcome barrier(Thread &, const Instruction &) { return BARRIER; }
Outcome meet(Thread &, const Instruction &) { return WARP; }

void requireWholeWarp(const Thread &t, uint32_t mask) {
    if (mask != 0xffffffffu) {
        throw Fault(LAUNCH_FAILED, "a warp operation for some threads only, by thread " + std::to_string(t.index));
    }
}

void shuffleButterfly(Thread *const *lanes, const Instruction &i) {
    uint32_t values[32];
    for (int lane = 0; lane < 32; lane++) {
        requireWholeWarp(*lanes[lane], lanes[lane]->get<uint32_t>(i.d));
        values[lane] = lanes[lane]->get<uint32_t>(i.a);
    }
    for (uint32_t lane = 0; lane < 32; lane++) {
        Thread &t = *lanes[lane];
        if (t.get<uint32_t>(i.c) != 31) {
            throw Fault(LAUNCH_FAILED, "a shuffle within parts of a warp");
        }
        t.set<uint32_t>(i.to, values[lane ^ (t.get<uint32_t>(i.b) & 31)]);
        t.set<uint8_t>((uint16_t) i.offset, 1);
    }
}

// 16 rows of 32 bytes by 8 columns of 32 bytes. Of the fragments, thread 4·g + m has rows g and g + 8 of a and words m
// and m + 4 of each; column g of b; columns 2m and 2m + 1 of the sums.
void multiplyMatrices(Thread *const *lanes, const Instruction &i) {
    uint32_t a[16][8];
    uint32_t b[8][8];
    for (int lane = 0; lane < 32; lane++) {
        const Thread &t = *lanes[lane];
        int group = lane / 4;
        int member = lane % 4;
        for (int k = 0; k < 4; k++) {
            a[group + k % 2 * 8][member + k / 2 * 4] = t.get<uint32_t>(i.list[4 + k]);
        }
        for (int k = 0; k < 2; k++) {
            b[group][member + k * 4] = t.get<uint32_t>(i.list[8 + k]);
        }
    }
    for (int lane = 0; lane < 32; lane++) {
        Thread &t = *lanes[lane];
        uint32_t sums[4];
        for (int k = 0; k < 4; k++) {
            int row = lane / 4 + k / 2 * 8;
            int column = lane % 4 * 2 + k % 2;
            sums[k] = t.get<uint32_t>(i.list[10 + k]);
            for (int word = 0; word < 8; word++) {
                sums[k] += (uint32_t) dot<int8_t, int8_t>(a[row][word], b[column][word]);
            }
        }
        for (int k = 0; k < 4; k++) {
            t.set<uint32_t>(i.list[k], sums[k]);
        }
    }
}

using Table = std::unordered_map<std::string, Known>;

template <class T>
void arithmetic(Table &table, const std::string &type) {
    table["add." + type] = {binary<T, Add>, nullptr, "dss"};
    table["sub." + type] = {binary<T, Subtract>, nullptr, "dss"};
    table["mul.lo." + type] = {binary<T, Low>, nullptr, "dss"};
    table["mad.lo." + type] = {madLow<T>, nullptr, "dsss"};
    table["div." + type] = {binary<T, Divide>, nullptr, "dss"};
    table["rem." + type] = {binary<T, Remainder>, nullptr, "dss"};
    table["min." + type] = {binary<T, Least>, nullptr, "dss"};
    table["max." + type] = {binary<T, Most>, nullptr, "dss"};
    table["shr." + type] = {shiftRight<T>, nullptr, "dss"};
    table["setp.eq." + type] = {binary<T, Equal>, nullptr, "dss"};
    table["setp.ne." + type] = {binary<T, Unequal>, nullptr, "dss"};
    table["setp.lt." + type] = {binary<T, Less>, nullptr, "dss"};
    table["setp.le." + type] = {binary<T, LessEqual>, nullptr, "dss"};
    table["setp.gt." + type] = {binary<T, Greater>, nullptr, "dss"};
    table["setp.ge." + type] = {binary<T, GreaterEqual>, nullptr, "dss"};
    table["selp." + type] = {select<T>, nullptr, "dsss"};
    table["mov." + type] = {move<T>, nullptr, "ds"};
}

template <class T>
void signedOnly(Table &table, const std::string &type) {
    table["neg." + type] = {negate<T>, nullptr, "ds"};
    table["abs." + type] = {absolute<T>, nullptr, "ds"};
}

template <class T>
void bits(Table &table, const std::string &type) {
    table["and." + type] = {binary<T, And>, nullptr, "dss"};
    table["or." + type] = {binary<T, Or>, nullptr, "dss"};
    table["xor." + type] = {binary<T, Xor>, nullptr, "dss"};
    table["not." + type] = {invert<T>, nullptr, "ds"};
    table["shl." + type] = {shiftLeft<T>, nullptr, "dss"};
    table["mov." + type] = {move<T>, nullptr, "ds"};
    table["selp." + type] = {select<T>, nullptr, "dsss"};
    table["setp.eq." + type] = {binary<T, Equal>, nullptr, "dss"};
    table["setp.ne." + type] = {binary<T, Unequal>, nullptr, "dss"};
}

template <class T>
void memory(Table &table, const std::string &type) {
    for (const char *vector : {"", "v2.", "v4."}) {
        std::string suffix = vector + type;
        table["ld.global." + suffix] = {loadGlobal<T>, nullptr, "vm"};
        table["ld.global.nc." + suffix] = {loadGlobal<T>, nullptr, "vm"};
        table["ld.shared." + suffix] = {loadShared<T>, nullptr, "vm"};
        table["ld.param." + suffix] = {loadParameter<T>, nullptr, "vm"};
        table["ld.const." + suffix] = {loadConstant<T>, nullptr, "vm"};
        table["st.global." + suffix] = {storeGlobal<T>, nullptr, "mv"};
        table["st.shared." + suffix] = {storeShared<T>, nullptr, "mv"};
    }
}

template <class To>
void conversions(Table &table, const std::string &to) {
    table["cvt." + to + ".u8"] = {convert<To, uint8_t>, nullptr, "ds"};
    table["cvt." + to + ".s8"] = {convert<To, int8_t>, nullptr, "ds"};
    table["cvt." + to + ".u16"] = {convert<To, uint16_t>, nullptr, "ds"};
    table["cvt." + to + ".s16"] = {convert<To, int16_t>, nullptr, "ds"};
    table["cvt." + to + ".u32"] = {convert<To, uint32_t>, nullptr, "ds"};
    table["cvt." + to + ".s32"] = {convert<To, int32_t>, nullptr, "ds"};
    table["cvt." + to + ".u64"] = {convert<To, uint64_t>, nullptr, "ds"};
    table["cvt." + to + ".s64"] = {convert<To, int64_t>, nullptr, "ds"};
}

Table makeTable() {
    Table table;
    arithmetic<uint16_t>(table, "u16");
    arithmetic<int16_t>(table, "s16");
    arithmetic<uint32_t>(table, "u32");
    arithmetic<int32_t>(table, "s32");
    arithmetic<uint64_t>(table, "u64");
    arithmetic<int64_t>(table, "s64");
    signedOnly<int16_t>(table, "s16");
    signedOnly<int32_t>(table, "s32");
    signedOnly<int64_t>(table, "s64");
    bits<uint16_t>(table, "b16");
    bits<uint32_t>(table, "b32");
    bits<uint64_t>(table, "b64");
    memory<uint8_t>(table, "u8");
    memory<int8_t>(table, "s8");
    memory<uint16_t>(table, "u16");
    memory<int16_t>(table, "s16");
    memory<uint32_t>(table, "u32");
    memory<int32_t>(table, "s32");
    memory<uint64_t>(table, "u64");
    memory<int64_t>(table, "s64");
    memory<uint8_t>(table, "b8");
    memory<uint16_t>(table, "b16");
    memory<uint32_t>(table, "b32");
    memory<uint64_t>(table, "b64");
    conversions<uint8_t>(table, "u8");
    conversions<int8_t>(table, "s8");
    conversions<uint16_t>(table, "u16");
    conversions<int16_t>(table, "s16");
    conversions<uint32_t>(table, "u32");
    conversions<int32_t>(table, "s32");
    conversions<uint64_t>(table, "u64");
    conversions<int64_t>(table, "s64");
    table["mul.wide.u16"] = {mulWide<uint16_t, uint32_t>, nullptr, "dss"};
    table["mul.wide.s16"] = {mulWide<int16_t, int32_t>, nullptr, "dss"};
    table["mul.wide.u32"] = {mulWide<uint32_t, uint64_t>, nullptr, "dss"};
    table["mul.wide.s32"] = {mulWide<int32_t, int64_t>, nullptr, "dss"};
    table["mad.wide.u32"] = {madWide<uint32_t, uint64_t>, nullptr, "dsss"};
    table["mad.wide.s32"] = {madWide<int32_t, int64_t>, nullptr, "dsss"};
    table["mov.b64 to {}"] = {unpack, nullptr, "vs"};
    table["mov.b64 from {}"] = {pack, nullptr, "dv"};
    table["and.pred"] = {binary<uint8_t, And>, nullptr, "dss"};
    table["or.pred"] = {binary<uint8_t, Or>, nullptr, "dss"};
    table["xor.pred"] = {binary<uint8_t, Xor>, nullptr, "dss"};
    table["not.pred"] = {invertPredicate, nullptr, "ds"};
    table["mov.pred"] = {move<uint8_t>, nullptr, "ds"};
    table["shf.r.wrap.b32"] = {funnelRightWrap, nullptr, "dsss"};
    table["shf.l.wrap.b32"] = {funnelLeftWrap, nullptr, "dsss"};
    table["prmt.b32"] = {permute, nullptr, "dsss"};
    table["bfi.b32"] = {insertBits<uint32_t>, nullptr, "dssss"};
    table["bfi.b64"] = {insertBits<uint64_t>, nullptr, "dssss"};
    table["clz.b32"] = {leadingZeros<uint32_t>, nullptr, "ds"};
    table["clz.b64"] = {leadingZeros<uint64_t>, nullptr, "ds"};
    table["dp4a.s32.s32"] = {dp4a<int8_t, int8_t>, nullptr, "dsss"};
    table["dp4a.s32.u32"] = {dp4a<int8_t, uint8_t>, nullptr, "dsss"};
    table["dp4a.u32.s32"] = {dp4a<uint8_t, int8_t>, nullptr, "dsss"};
    table["dp4a.u32.u32"] = {dp4a<uint8_t, uint8_t>, nullptr, "dsss"};
    table["atom.global.add.u32"] = {atomicAdd<uint32_t>, nullptr, "dms"};
    table["atom.global.add.u64"] = {atomicAdd<uint64_t>, nullptr, "dms"};
    table["cvta.to.global.u64"] = {move<uint64_t>, nullptr, "ds"};
    table["bra"] = {branch, nullptr, "l"};
    table["bra.uni"] = {branch, nullptr, "l"};
    table["ret"] = {leave, nullptr, ""};
    table["bar.sync"] = {barrier, nullptr, "z"};
    table["shfl.sync.bfly.b32"] = {meet, shuffleButterfly, "Dssss"};
    table["mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32"] = {meet, multiplyMatrices, "vvvv"};
    return table;
}

}  // namespace

Known known(const std::string &name) {
    static const Table table = makeTable();
    auto found = table.find(name);
    return found == table.end() ? Known{} : found->second;
}

}  // namespace device
