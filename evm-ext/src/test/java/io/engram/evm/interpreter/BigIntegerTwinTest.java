package io.engram.evm.interpreter;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.evm.fixture.Assembler;
import io.engram.evm.fixture.World;
import io.engram.evm.operation.Opcode;
import io.engram.evm.tracer.Tracer;
import io.engram.evm.transaction.TransactionOutcome;
import io.engram.genesis.fork.Fork;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;
import org.junit.jupiter.api.Test;

/** Every arithmetic opcode, in both interpreters, against {@link BigIntegerTwin}. */
class BigIntegerTwinTest {

    private static final int PROGRAMS = 400;
    private static final int STEPS = 60;
    private static final int WORD = 32;
    private static final BigInteger MAX = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final List<Map.Entry<String, BigIntegerTwin.Operation>> operations =
            List.copyOf(BigIntegerTwin.OPERATIONS.entrySet());

    private record Step(String name, BigIntegerTwin.Operation operation, List<BigInteger> operands) {}

    /** Words that break carries, signs, lengths and quotient digits are frequent. */
    private BigInteger word() {
        return switch (random.nextInt(8)) {
            case 0 -> BigInteger.valueOf(random.nextInt(4));
            case 1 -> MAX.subtract(BigInteger.valueOf(random.nextInt(3)));
            case 2 -> BigInteger.valueOf(random.nextInt(300));
            case 3, 4 -> near(BigInteger.ONE.shiftLeft(random.nextInt(257)));
            case 5 -> near(BigInteger.ONE.shiftLeft(64 * random.nextInt(5)));
            default -> limbs();
        };
    }

    private BigInteger near(BigInteger value) {
        return value.add(BigInteger.valueOf(random.nextInt(3) - 1)).and(MAX);
    }

    private BigInteger limbs() {
        BigInteger value = BigInteger.ZERO;
        for (int i = random.nextInt(5); i > 0; i--) {
            long limb = switch (random.nextInt(6)) {
                case 0 -> 0;
                case 1 -> -1;
                case 2 -> Long.MIN_VALUE;
                default -> random.nextLong();
            };
            value = value.shiftLeft(64).or(new BigInteger(Long.toUnsignedString(limb)));
        }
        return value;
    }

    private List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        BigInteger modulus = word();
        for (int i = 0; i < STEPS; i++) {
            var chosen = operations.get(random.nextInt(operations.size()));
            List<BigInteger> operands = new ArrayList<>();
            for (int j = 0; j < chosen.getValue().operands(); j++) {
                operands.add(j > 0 && random.nextInt(8) == 0 ? operands.getFirst() : word());
            }
            if (random.nextBoolean()) { // so that the reciprocal of the last divisor is met again
                operands.set(operands.size() - 1, modulus);
            }
            steps.add(new Step(chosen.getKey(), chosen.getValue(), operands));
        }
        return steps;
    }

    private static Bytes bytes(BigInteger word) {
        return UInt256.valueOf(word);
    }

    /** Code that stores each result and returns all of them. */
    private static Bytes code(List<Step> steps, boolean operandsAreConstants) {
        Assembler code = new Assembler();
        int at = 0;
        for (int i = 0; i < steps.size(); i++) {
            List<BigInteger> operands = steps.get(i).operands();
            for (int j = operands.size() - 1; j >= 0; j--) {
                if (operandsAreConstants) {
                    code.pushBytes(bytes(operands.get(j)));
                } else {
                    code.push(at).op(Opcode.CALLDATALOAD);
                    at += WORD;
                }
            }
            code.op(steps.get(i).operation().opcode());
            code.push((long) WORD * i).op(Opcode.MSTORE);
        }
        return code.push((long) WORD * steps.size()).push(0).op(Opcode.RETURN).build();
    }

    private static Bytes input(List<Step> steps) {
        List<Bytes> words = new ArrayList<>();
        for (Step step : steps) {
            step.operands().reversed().forEach(operand -> words.add(bytes(operand)));
        }
        return Bytes.concatenate(words);
    }

    private void check(Interpreter interpreter, List<Step> steps, boolean operandsAreConstants) {
        World world = new World(Fork.OSAKA, interpreter).contract(code(steps, operandsAreConstants));
        TransactionOutcome.Executed outcome = world.run(input(steps), Tracer.NONE);
        assertThat(outcome.succeeded()).isTrue();
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            assertThat(outcome.output().slice(WORD * i, WORD).toUnsignedBigInteger())
                    .as(
                            "%s of %s, constants %s, %s, seed %d",
                            step.name(),
                            step.operands().stream()
                                    .map(operand -> operand.toString(16))
                                    .toList(),
                            operandsAreConstants,
                            interpreter.getClass().getSimpleName(),
                            seed)
                    .isEqualTo(step.operation().apply(step.operands()));
        }
    }

    @Test
    void every_arithmetic_opcode_agrees_with_big_integers() {
        Interpreter plain = new PlainInterpreter();
        Interpreter fast = new FastInterpreter(new DecodedCodeCache(8 << 20, Integer.MAX_VALUE));
        for (int i = 0; i < PROGRAMS; i++) {
            List<Step> steps = steps();
            check(plain, steps, false);
            check(fast, steps, false);
            check(fast, steps, true);
        }
    }

    @Test
    void no_arithmetic_opcode_is_without_a_twin() {
        List<Integer> known = operations.stream()
                .map(entry -> entry.getValue().opcode())
                .sorted()
                .toList();
        List<Integer> arithmetic = new ArrayList<>();
        for (int opcode = Opcode.ADD; opcode <= Opcode.CLZ; opcode++) {
            if (opcode <= Opcode.SIGNEXTEND || opcode >= Opcode.LT) {
                arithmetic.add(opcode);
            }
        }
        assertThat(known).isEqualTo(arithmetic);
    }
}
