package io.engram.inference.opcode;

import io.engram.evm.extension.Credit;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The authors' part of a transaction's inference gas (protocol C6).
 *
 * @param credits one for each model that earned something, in the order of first use
 * @param perCharge the part of each charge; the parts of a model sum to its credit
 */
record Royalties(List<Credit> credits, List<Wei> perCharge) {

    private static final int SHARE_BITS = 16;

    Royalties {
        credits = List.copyOf(credits);
        perCharge = List.copyOf(perCharge);
    }

    /** Of one model: what it was charged, what it earned, what is handed out so far. */
    private static final class Account {
        private final Address author;
        private final int share;
        private BigInteger gas = BigInteger.ZERO;
        private BigInteger credit = BigInteger.ZERO;
        private BigInteger distributedGas = BigInteger.ZERO;
        private BigInteger distributedCredit = BigInteger.ZERO;

        Account(Address author, int share) {
            this.author = author;
            this.share = share;
        }

        /** The credit of the next charge: the difference of two cumulative floors. */
        Wei next(long chargeGas) {
            distributedGas = distributedGas.add(BigInteger.valueOf(chargeGas));
            BigInteger upTo = gas.signum() == 0
                    ? BigInteger.ZERO
                    : credit.multiply(distributedGas).divide(gas);
            BigInteger part = upTo.subtract(distributedCredit);
            distributedCredit = upTo;
            return Wei.of(part);
        }
    }

    /**
     * @param gasUsed final gas used of the transaction
     * @param price wei per gas
     */
    static Royalties of(List<InferenceCharge> charges, long gasUsed, Wei price) {
        Map<Hash, Account> accounts = new LinkedHashMap<>();
        BigInteger total = BigInteger.ZERO;
        for (InferenceCharge charge : charges) {
            BigInteger gas = BigInteger.valueOf(charge.gas());
            Account account =
                    accounts.computeIfAbsent(charge.modelId(), _ -> new Account(charge.author(), charge.share()));
            account.gas = account.gas.add(gas);
            total = total.add(gas);
        }
        BigInteger used = BigInteger.valueOf(gasUsed);
        List<Credit> credits = new ArrayList<>();
        for (Account account : accounts.values()) {
            BigInteger gas = total.compareTo(used) <= 0
                    ? account.gas
                    : account.gas.multiply(used).divide(total);
            account.credit = gas.multiply(price.toBigInteger())
                    .multiply(BigInteger.valueOf(account.share))
                    .shiftRight(SHARE_BITS);
            if (account.credit.signum() != 0) {
                credits.add(new Credit(account.author, Wei.of(account.credit)));
            }
        }
        List<Wei> perCharge = new ArrayList<>(charges.size());
        for (InferenceCharge charge : charges) {
            Account account = accounts.computeIfAbsent(charge.modelId(), _ -> {
                throw new IllegalStateException("no account for a charge");
            });
            perCharge.add(account.next(charge.gas()));
        }
        return new Royalties(credits, perCharge);
    }
}
