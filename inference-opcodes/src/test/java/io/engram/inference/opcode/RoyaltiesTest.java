package io.engram.inference.opcode;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.evm.extension.Credit;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.inference.Seeds;
import io.engram.inference.commitment.InferenceForm;
import io.engram.inference.engine.Inference;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoyaltiesTest {

    private static final Inference NOTHING =
            new Inference(new InferenceForm(List.of(), List.of()), new byte[0], Hash.ZERO, Hash.ZERO, Hash.ZERO, 0);

    @Test
    void creditsAreTheFloorsOfTheProtocolAndPartsSumToThem() {
        Seeds.each(500, random -> {
            int models = random.nextInt(1, 4);
            int[] shares = new int[models];
            for (int i = 0; i < models; i++) {
                shares[i] = random.nextInt(1 << 16);
            }
            List<InferenceCharge> charges = new ArrayList<>();
            BigInteger total = BigInteger.ZERO;
            BigInteger[] gas = new BigInteger[models];
            java.util.Arrays.fill(gas, BigInteger.ZERO);
            for (int i = 0, count = random.nextInt(12); i < count; i++) {
                int model = random.nextInt(models);
                long charged = random.nextBoolean() ? random.nextLong(100) : random.nextLong(1L << 40);
                charges.add(new InferenceCharge(
                        new Hash(0, 0, 0, model), new Address(0, 0, model), shares[model], charged, NOTHING));
                gas[model] = gas[model].add(BigInteger.valueOf(charged));
                total = total.add(BigInteger.valueOf(charged));
            }
            long used = random.nextLong(1L << random.nextInt(10, 50));
            BigInteger fee = BigInteger.valueOf(random.nextLong(1L << 62)).shiftLeft(random.nextInt(60));
            Royalties royalties = Royalties.of(charges, used, Wei.of(fee));

            for (int model = 0; model < models; model++) {
                BigInteger part = gas[model];
                if (total.compareTo(BigInteger.valueOf(used)) > 0) {
                    part = new BigDecimal(part.multiply(BigInteger.valueOf(used)))
                            .divide(new BigDecimal(total), 0, RoundingMode.FLOOR)
                            .toBigInteger();
                }
                BigInteger expected = new BigDecimal(part.multiply(fee).multiply(BigInteger.valueOf(shares[model])))
                        .divide(BigDecimal.valueOf(65_536), 0, RoundingMode.FLOOR)
                        .toBigInteger();
                Address author = new Address(0, 0, model);
                BigInteger credited = royalties.credits().stream()
                        .filter(credit -> credit.beneficiary().equals(author))
                        .map(credit -> credit.amount().toBigInteger())
                        .reduce(BigInteger.ZERO, BigInteger::add);
                BigInteger parts = BigInteger.ZERO;
                for (int i = 0; i < charges.size(); i++) {
                    if (charges.get(i).author().equals(author)) {
                        parts = parts.add(royalties.perCharge().get(i).toBigInteger());
                    }
                }
                assertThat(credited).isEqualTo(expected);
                assertThat(parts).isEqualTo(expected);
            }
            BigInteger burned = BigInteger.valueOf(used).multiply(fee);
            assertThat(royalties.credits().stream()
                            .map(credit -> credit.amount().toBigInteger())
                            .reduce(BigInteger.ZERO, BigInteger::add))
                    .isLessThanOrEqualTo(burned);
            assertThat(royalties.credits()).extracting(Credit::amount).doesNotContain(Wei.ZERO);
        });
    }
}
