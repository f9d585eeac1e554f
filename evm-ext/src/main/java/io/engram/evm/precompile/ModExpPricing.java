package io.engram.evm.precompile;

import java.math.BigInteger;

/** The gas rules that modular exponentiation has had. */
enum ModExpPricing {
    EIP_198(Integer.MAX_VALUE, 8, 0) {
        @Override
        BigInteger complexity(BigInteger length) {
            BigInteger square = length.multiply(length);
            if (length.compareTo(BigInteger.valueOf(64)) <= 0) {
                return square;
            }
            if (length.compareTo(BigInteger.valueOf(1024)) <= 0) {
                return square.shiftRight(2)
                        .add(length.multiply(BigInteger.valueOf(96)))
                        .subtract(BigInteger.valueOf(3072));
            }
            return square.shiftRight(4)
                    .add(length.multiply(BigInteger.valueOf(480)))
                    .subtract(BigInteger.valueOf(199_680));
        }

        @Override
        BigInteger divisor() {
            return BigInteger.valueOf(20);
        }
    },
    EIP_2565(Integer.MAX_VALUE, 8, 200) {
        @Override
        BigInteger complexity(BigInteger length) {
            return wordsSquared(length);
        }

        @Override
        BigInteger divisor() {
            return BigInteger.valueOf(3);
        }
    },
    /** With the bound on lengths of EIP-7823. */
    EIP_7883(1024, 16, 500) {
        @Override
        BigInteger complexity(BigInteger length) {
            return length.compareTo(BigInteger.valueOf(32)) <= 0
                    ? BigInteger.valueOf(16)
                    : wordsSquared(length).shiftLeft(1);
        }

        @Override
        BigInteger divisor() {
            return BigInteger.ONE;
        }
    };

    private static final BigInteger MAX_GAS = BigInteger.valueOf(Long.MAX_VALUE);
    private static final BigInteger HEAD = BigInteger.valueOf(32);

    private final int maxLength;
    private final int perTailByte;
    private final long minimum;

    ModExpPricing(int maxLength, int perTailByte, long minimum) {
        this.maxLength = maxLength;
        this.perTailByte = perTailByte;
        this.minimum = minimum;
    }

    /** The longest base, exponent or modulus in bytes that does not make the contract fail. */
    int maxLength() {
        return maxLength;
    }

    abstract BigInteger complexity(BigInteger length);

    abstract BigInteger divisor();

    /**
     * The gas of a call.
     *
     * @param length the larger length of base and modulus in bytes
     * @param exponentLength in bytes
     * @param headBits bit length of the first 32 bytes of the exponent
     */
    long gas(BigInteger length, BigInteger exponentLength, int headBits) {
        BigInteger iterations = BigInteger.valueOf(Math.max(0, headBits - 1));
        if (exponentLength.compareTo(HEAD) > 0) {
            iterations = iterations.add(exponentLength.subtract(HEAD).multiply(BigInteger.valueOf(perTailByte)));
        }
        BigInteger gas =
                complexity(length).multiply(iterations.max(BigInteger.ONE)).divide(divisor());
        return gas.compareTo(MAX_GAS) >= 0 ? Long.MAX_VALUE : Math.max(minimum, gas.longValueExact());
    }

    private static BigInteger wordsSquared(BigInteger length) {
        BigInteger words = length.add(BigInteger.valueOf(7)).shiftRight(3);
        return words.multiply(words);
    }
}
