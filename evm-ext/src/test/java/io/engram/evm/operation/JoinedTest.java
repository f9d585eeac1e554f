package io.engram.evm.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.genesis.Hash;
import io.engram.genesis.crypto.Keccak256;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Each joined body against the opcodes it stands for. */
class JoinedTest {

    private static final int CASES = 20_000;
    private static final int SP = 80;

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);

    /** A body that finds the stack pointer at {@link #SP}. */
    private interface Body {
        void run(long[] s, long value, int distance);
    }

    private long limb() {
        return switch (random.nextInt(6)) {
            case 0 -> 0;
            case 1, 2 -> -1;
            case 3 -> 1L << random.nextInt(64);
            default -> random.nextLong();
        };
    }

    /** @param words of the result that count */
    private void check(String name, Body joined, Body one, int words) {
        for (int i = 0; i < CASES; i++) {
            long[] s = new long[SP + 64];
            for (int at = 0; at < SP; at++) {
                s[at] = limb();
            }
            if (random.nextInt(8) == 0) {
                Arrays.fill(s, SP - 3, SP, 0);
                s[SP - 4] = random.nextInt(300);
            }
            long value = random.nextInt(4) == 0 ? random.nextInt(300) : limb() >>> 32;
            int distance = 4 * (1 + random.nextInt(16));
            long[] expected = s.clone();
            one.run(expected, value, distance);
            joined.run(s, value, distance);
            assertThat(Arrays.copyOf(s, 4 * words))
                    .as("%s of %d at %d, seed %d", name, value, distance, seed)
                    .isEqualTo(Arrays.copyOf(expected, 4 * words));
        }
    }

    private interface Binary {
        void run(long[] s, int sp);
    }

    private void checkPush(String name, Body joined, Binary one) {
        check(
                name,
                joined,
                (s, value, distance) -> {
                    StackManipulation.pushLong(s, SP, value);
                    one.run(s, SP + 4);
                },
                SP / 4);
    }

    private void checkDup(String name, Body joined, Binary one) {
        check(
                name,
                joined,
                (s, value, distance) -> {
                    StackManipulation.dup(s, SP, distance / 4);
                    one.run(s, SP + 4);
                },
                SP / 4);
    }

    @Test
    void a_constant_operand_is_as_good_as_a_pushed_one() {
        checkPush("ADD", (s, value, d) -> Joined.pushAdd(s, SP, value), Arithmetic::add);
        checkPush("MUL", (s, value, d) -> Joined.pushMul(s, SP, value), Arithmetic::mul);
        checkPush("AND", (s, value, d) -> Joined.pushAnd(s, SP, value), Comparison::and);
        checkPush("EQ", (s, value, d) -> Joined.pushEqual(s, SP, value), Comparison::equal);
        checkPush("SHL", (s, value, d) -> Joined.pushShiftLeft(s, SP, value), Comparison::shiftLeft);
        checkPush("SHR", (s, value, d) -> Joined.pushShiftRight(s, SP, value), Comparison::shiftRight);
        checkPush("SAR", (s, value, d) -> Joined.pushShiftRightSigned(s, SP, value), Comparison::shiftRightSigned);
        checkPush("SWAP1 SUB", (s, value, d) -> Joined.pushSub(s, SP, value), (s, sp) -> {
            StackManipulation.swap(s, sp, 1);
            Arithmetic.sub(s, sp);
        });
    }

    @Test
    void an_operand_deeper_in_the_stack_is_as_good_as_its_copy() {
        checkDup("ADD", (s, value, d) -> Joined.dupAdd(s, SP, d), Arithmetic::add);
        checkDup("SUB", (s, value, d) -> Joined.dupSub(s, SP, d), Arithmetic::sub);
        checkDup("AND", (s, value, d) -> Joined.dupAnd(s, SP, d), Comparison::and);
        checkDup("OR", (s, value, d) -> Joined.dupOr(s, SP, d), Comparison::or);
        checkDup("XOR", (s, value, d) -> Joined.dupXor(s, SP, d), Comparison::xor);
        checkDup("EQ", (s, value, d) -> Joined.dupEqual(s, SP, d), Comparison::equal);
        check(
                "ISZERO",
                (s, value, d) -> Joined.dupIsZero(s, SP, d),
                (s, value, d) -> {
                    StackManipulation.dup(s, SP, d / 4);
                    Comparison.isZero(s, SP + 4);
                },
                SP / 4 + 1);
    }

    @Test
    void words_move_as_one_by_one() {
        check(
                "SWAP SWAP POP",
                (s, value, d) -> Joined.swapSwapPop(s, SP, d, 8),
                (s, value, d) -> {
                    StackManipulation.swap(s, SP, d / 4);
                    StackManipulation.swap(s, SP, 2);
                },
                SP / 4 - 1);
        check(
                "PUSH SWAP",
                (s, value, d) -> Joined.pushSwap(s, SP, value, d),
                (s, value, d) -> {
                    StackManipulation.pushLong(s, SP, value);
                    StackManipulation.swap(s, SP + 4, d / 4);
                },
                SP / 4 + 1);
        check(
                "SWAP1 SUB",
                (s, value, d) -> Joined.reverseSub(s, SP),
                (s, value, d) -> {
                    StackManipulation.swap(s, SP, 1);
                    Arithmetic.sub(s, SP);
                },
                SP / 4 - 1);
    }

    @Test
    void kept_digests_are_those_of_their_inputs() {
        HashCache cache = new HashCache();
        byte[] memory = new byte[300];
        long[] s = new long[4];
        for (int i = 0; i < CASES; i++) {
            int offset = random.nextInt(100);
            if (random.nextInt(3) != 0) {
                random.nextBytes(memory);
            } else {
                Arrays.fill(memory, (byte) 0);
                memory[offset + 31] = (byte) random.nextInt(40);
                memory[offset + 63] = (byte) random.nextInt(40);
            }
            int length = random.nextInt(4) == 0 ? random.nextInt(200) : 64;
            cache.hash(memory, offset, length, s, 0);
            assertThat(new Hash(s[3], s[2], s[1], s[0]))
                    .as("seed %d", seed)
                    .isEqualTo(Keccak256.hash(memory, offset, length));
        }
    }
}
