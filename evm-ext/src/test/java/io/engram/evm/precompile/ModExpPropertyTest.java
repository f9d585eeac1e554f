package io.engram.evm.precompile;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.genesis.fork.Fork;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class ModExpPropertyTest {

    private final long seed = System.nanoTime();
    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(seed);

    @Test
    void powersAgreeWithBigInteger() {
        for (int round = 0; round < 3000; round++) {
            BigInteger modulus = number(1 + random.nextInt(40))
                    .shiftLeft(random.nextInt(4) == 0 ? random.nextInt(400) : 0)
                    .add(BigInteger.TWO);
            BigInteger base = number(random.nextInt(60)).shiftLeft(random.nextInt(3) == 0 ? random.nextInt(70) : 0);
            BigInteger exponent = number(random.nextInt(random.nextInt(10) == 0 ? 60 : 4));
            assertThat(ModularPower.of(base, exponent, modulus))
                    .as("seed %d: %s ^ %s mod %s", seed, base, exponent, modulus)
                    .isEqualTo(base.modPow(exponent, modulus));
        }
    }

    @Test
    void powersModuloPowersOfTwoAgreeWithBigInteger() {
        for (int bits = 1; bits < 300; bits++) {
            BigInteger modulus = BigInteger.ONE.shiftLeft(bits);
            BigInteger base = number(40);
            BigInteger exponent = number(random.nextInt(40));
            assertThat(ModularPower.of(base, exponent, modulus))
                    .as("seed %d: %s ^ %s mod 2^%d", seed, base, exponent, bits)
                    .isEqualTo(base.modPow(exponent, modulus));
        }
    }

    @Test
    void gasOfHugeLengthsIsUnpayableAndRunningThemFailsWithoutAllocating() {
        byte[] input = new byte[96];
        Arrays.fill(input, (byte) 0xff);
        for (Fork fork : new Fork[] {Fork.BYZANTIUM, Fork.BERLIN, Fork.OSAKA}) {
            Precompile contract = Vector.contract(5, fork);
            assertThat(contract.gas(input)).isEqualTo(Long.MAX_VALUE);
            assertThat(contract.run(input)).isEmpty();
        }
    }

    @Test
    void emptyBaseAndModulusGiveNothingWhateverTheExponentLength() {
        byte[] input = new byte[96];
        Arrays.fill(input, 32, 64, (byte) 0xff);
        assertThat(Vector.contract(5, Fork.BYZANTIUM).gas(input)).isZero();
        assertThat(Vector.contract(5, Fork.BYZANTIUM).run(input)).hasValue(new byte[0]);
        assertThat(Vector.contract(5, Fork.OSAKA).run(input)).isEmpty();
    }

    @Test
    void osakaRefusesOperandsOfMoreThan1024Bytes() {
        for (int field = 0; field < 3; field++) {
            byte[] input = new byte[96 + 3 * 1025];
            for (int i = 0; i < 3; i++) {
                input[32 * i + 30] = 4;
            }
            assertThat(Vector.contract(5, Fork.OSAKA).run(input)).isPresent();
            input[32 * field + 31] = 1;
            assertThat(Vector.contract(5, Fork.OSAKA).run(input)).isEmpty();
            assertThat(Vector.contract(5, Fork.BERLIN).run(input)).isPresent();
        }
    }

    private BigInteger number(int bytes) {
        byte[] magnitude = new byte[bytes];
        random.nextBytes(magnitude);
        return new BigInteger(1, magnitude);
    }
}
