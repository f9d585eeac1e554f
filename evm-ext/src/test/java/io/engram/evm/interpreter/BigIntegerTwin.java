package io.engram.evm.interpreter;

import io.engram.evm.operation.Opcode;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What each arithmetic opcode (0x01 to 0x1e) gives, written down once more on big integers: Ethereum Yellow Paper, appendix
 * H, EIP-145 and EIP-7939. Operands come in the order of the stack, the top first.
 */
final class BigIntegerTwin {

    private static final BigInteger TWO_256 = BigInteger.ONE.shiftLeft(256);
    private static final BigInteger BITS = BigInteger.valueOf(256);
    private static final int WORD_BYTES = 32;

    /** One opcode. */
    record Operation(int opcode, int operands, Function<List<BigInteger>, BigInteger> result) {

        /** The word on the stack. */
        BigInteger apply(List<BigInteger> words) {
            return result.apply(words).mod(TWO_256);
        }
    }

    static final Map<String, Operation> OPERATIONS = Map.ofEntries(
            two("ADD", Opcode.ADD, BigInteger::add),
            two("MUL", Opcode.MUL, BigInteger::multiply),
            two("SUB", Opcode.SUB, BigInteger::subtract),
            two("DIV", Opcode.DIV, (a, b) -> orZero(b, () -> a.divide(b))),
            two("SDIV", Opcode.SDIV, (a, b) -> orZero(b, () -> signed(a).divide(signed(b)))),
            two("MOD", Opcode.MOD, (a, b) -> orZero(b, () -> a.mod(b))),
            two("SMOD", Opcode.SMOD, (a, b) -> orZero(b, () -> signed(a).remainder(signed(b)))),
            three("ADDMOD", Opcode.ADDMOD, (a, b, m) -> orZero(m, () -> a.add(b).mod(m))),
            three(
                    "MULMOD",
                    Opcode.MULMOD,
                    (a, b, m) -> orZero(m, () -> a.multiply(b).mod(m))),
            two("EXP", Opcode.EXP, (a, b) -> a.modPow(b, TWO_256)),
            two("SIGNEXTEND", Opcode.SIGNEXTEND, BigIntegerTwin::signExtend),
            two("LT", Opcode.LT, (a, b) -> flag(a.compareTo(b) < 0)),
            two("GT", Opcode.GT, (a, b) -> flag(a.compareTo(b) > 0)),
            two("SLT", Opcode.SLT, (a, b) -> flag(signed(a).compareTo(signed(b)) < 0)),
            two("SGT", Opcode.SGT, (a, b) -> flag(signed(a).compareTo(signed(b)) > 0)),
            two("EQ", Opcode.EQ, (a, b) -> flag(a.equals(b))),
            one("ISZERO", Opcode.ISZERO, a -> flag(a.signum() == 0)),
            two("AND", Opcode.AND, BigInteger::and),
            two("OR", Opcode.OR, BigInteger::or),
            two("XOR", Opcode.XOR, BigInteger::xor),
            one("NOT", Opcode.NOT, BigInteger::not),
            two("BYTE", Opcode.BYTE, BigIntegerTwin::byteOf),
            two("SHL", Opcode.SHL, (shift, a) -> isWide(shift) ? BigInteger.ZERO : a.shiftLeft(shift.intValue())),
            two("SHR", Opcode.SHR, (shift, a) -> isWide(shift) ? BigInteger.ZERO : a.shiftRight(shift.intValue())),
            two(
                    "SAR",
                    Opcode.SAR,
                    (shift, a) -> signed(a).shiftRight(shift.min(BITS).intValue())),
            one("CLZ", Opcode.CLZ, a -> BigInteger.valueOf(256L - a.bitLength())));

    private interface Two {
        BigInteger apply(BigInteger a, BigInteger b);
    }

    private interface Three {
        BigInteger apply(BigInteger a, BigInteger b, BigInteger c);
    }

    private interface Later {
        BigInteger get();
    }

    private BigIntegerTwin() {}

    private static Map.Entry<String, Operation> one(String name, int opcode, Function<BigInteger, BigInteger> result) {
        return Map.entry(name, new Operation(opcode, 1, words -> result.apply(words.getFirst())));
    }

    private static Map.Entry<String, Operation> two(String name, int opcode, Two result) {
        return Map.entry(name, new Operation(opcode, 2, words -> result.apply(words.get(0), words.get(1))));
    }

    private static Map.Entry<String, Operation> three(String name, int opcode, Three result) {
        return Map.entry(
                name, new Operation(opcode, 3, words -> result.apply(words.get(0), words.get(1), words.get(2))));
    }

    private static BigInteger orZero(BigInteger divisor, Later quotient) {
        return divisor.signum() == 0 ? BigInteger.ZERO : quotient.get();
    }

    private static BigInteger flag(boolean value) {
        return value ? BigInteger.ONE : BigInteger.ZERO;
    }

    private static BigInteger signed(BigInteger word) {
        return word.testBit(255) ? word.subtract(TWO_256) : word;
    }

    private static boolean isWide(BigInteger shift) {
        return shift.compareTo(BITS) >= 0;
    }

    private static BigInteger signExtend(BigInteger bytes, BigInteger word) {
        if (bytes.compareTo(BigInteger.valueOf(WORD_BYTES - 1)) >= 0) {
            return word;
        }
        int bits = 8 * (bytes.intValue() + 1);
        BigInteger low = word.mod(BigInteger.ONE.shiftLeft(bits));
        return low.testBit(bits - 1) ? low.subtract(BigInteger.ONE.shiftLeft(bits)) : low;
    }

    private static BigInteger byteOf(BigInteger index, BigInteger word) {
        return index.compareTo(BigInteger.valueOf(WORD_BYTES)) >= 0
                ? BigInteger.ZERO
                : word.shiftRight(8 * (WORD_BYTES - 1 - index.intValue())).and(BigInteger.valueOf(0xff));
    }
}
