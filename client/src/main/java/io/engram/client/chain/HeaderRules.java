package io.engram.client.chain;

import io.engram.client.consensus.QbftHeaderRules;
import io.engram.client.consensus.ValidatorSet;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.fork.BaseFee;
import io.engram.genesis.fork.BlobGas;
import io.engram.genesis.fork.BlobSchedule;
import io.engram.genesis.fork.Difficulty;
import io.engram.genesis.fork.Fork;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/** What a header must satisfy given its parent, before anything is executed. Thread-safe. */
public final class HeaderRules {

    private static final int MAX_EXTRA_DATA = 32;
    private static final int DAO_EXTRA_DATA_BLOCKS = 10;
    private static final Bytes DAO_EXTRA_DATA = Bytes.fromHexString("0x64616f2d686172642d666f726b");
    private static final Bytes ZERO_NONCE = Bytes.wrap(new byte[8]);

    private final ChainRules chain;

    public HeaderRules(ChainRules chain) {
        this.chain = chain;
    }

    /** The rules that hold for every chain, without seals. */
    public void check(BlockHeader header, ChainStore.Head parent) throws InvalidBlockException {
        BlockHeader above = parent.header();
        if (!header.parentHash().equals(parent.hash())) {
            throw InvalidBlockException.mismatch("parent hash", header.parentHash(), parent.hash());
        }
        if (header.number() != above.number() + 1) {
            throw InvalidBlockException.mismatch("number", header.number(), above.number() + 1);
        }
        BlockRules rules = chain.after(parent, header.timestamp());
        checkTime(header, above);
        checkGas(header, above, rules);
        checkBlobs(header, above, rules);
        present("withdrawals root", header.withdrawalsRoot(), rules.fork().isAtLeast(Fork.SHANGHAI));
        present(
                "parent beacon block root",
                header.parentBeaconBlockRoot(),
                rules.fork().isAtLeast(Fork.CANCUN));
        present("requests hash", header.requestsHash(), rules.fork().isAtLeast(Fork.PRAGUE));
        if (rules.isQbft()) {
            return;
        }
        if (header.extraData().size() > MAX_EXTRA_DATA) {
            throw new InvalidBlockException(
                    "extra data of " + header.extraData().size() + " bytes, expected at most " + MAX_EXTRA_DATA);
        }
        if (rules.isProofOfWork()) {
            checkProofOfWork(header, above, rules);
        } else {
            checkProofOfStake(header);
        }
    }

    /** The rules of QBFT, its seals included; nothing on other chains. */
    public void checkSeals(BlockHeader header, ChainStore.Head parent, ValidatorSet validators)
            throws InvalidBlockException {
        BlockRules rules = chain.after(parent, header.timestamp());
        if (rules.seal() instanceof BlockRules.Seal.Qbft qbft) {
            Optional<String> fault = QbftHeaderRules.check(header, parent.header(), validators, qbft.periodSeconds());
            if (fault.isPresent()) {
                throw new InvalidBlockException(fault.get());
            }
        }
    }

    private static void checkTime(BlockHeader header, BlockHeader parent) throws InvalidBlockException {
        if (Long.compareUnsigned(header.timestamp(), parent.timestamp()) <= 0) {
            throw new InvalidBlockException("timestamp is " + Long.toUnsignedString(header.timestamp())
                    + ", expected more than the parent's " + Long.toUnsignedString(parent.timestamp()));
        }
    }

    private void checkGas(BlockHeader header, BlockHeader parent, BlockRules rules) throws InvalidBlockException {
        boolean hasBaseFee = rules.fork().isAtLeast(Fork.LONDON);
        boolean first = hasBaseFee && parent.baseFee().isEmpty();
        GasLimitRule.check(
                header.gasLimit(),
                first ? Math.multiplyExact(parent.gasLimit(), BaseFee.ELASTICITY) : parent.gasLimit());
        if (header.gasUsed() < 0 || header.gasUsed() > header.gasLimit()) {
            throw new InvalidBlockException(
                    "gas used is " + header.gasUsed() + ", expected at most the gas limit " + header.gasLimit());
        }
        present("base fee", header.baseFee(), hasBaseFee);
        if (hasBaseFee) {
            Wei expected = chain.nextBaseFee(parent);
            if (!header.baseFee().get().equals(expected)) {
                throw InvalidBlockException.mismatch(
                        "base fee", header.baseFee().get(), expected);
            }
        }
    }

    private static void checkBlobs(BlockHeader header, BlockHeader parent, BlockRules rules)
            throws InvalidBlockException {
        boolean hasBlobs = rules.fork().isAtLeast(Fork.CANCUN);
        present("blob gas used", header.blobGasUsed(), hasBlobs);
        present("excess blob gas", header.excessBlobGas(), hasBlobs);
        if (!hasBlobs) {
            return;
        }
        BlobSchedule blobs = rules.blobs().orElseThrow();
        long used = header.blobGasUsed().get();
        long max = blobs.maxGas();
        if (Long.compareUnsigned(used, max) > 0 || used % BlobGas.GAS_PER_BLOB != 0) {
            throw new InvalidBlockException("blob gas used is " + Long.toUnsignedString(used)
                    + ", expected a multiple of " + BlobGas.GAS_PER_BLOB + " of at most " + max);
        }
        long expected = excessBlobGas(parent, rules);
        if (header.excessBlobGas().get() != expected) {
            throw InvalidBlockException.mismatch(
                    "excess blob gas",
                    Long.toUnsignedString(header.excessBlobGas().get()),
                    expected);
        }
    }

    /** Excess blob gas of the block after {@code parent}. */
    static long excessBlobGas(BlockHeader parent, BlockRules rules) {
        return BlobGas.excess(
                rules.fork(),
                rules.blobs().orElseThrow(),
                parent.excessBlobGas().orElse(0L),
                parent.blobGasUsed().orElse(0L),
                parent.baseFee().orElse(Wei.ZERO));
    }

    private void checkProofOfWork(BlockHeader header, BlockHeader parent, BlockRules rules)
            throws InvalidBlockException {
        UInt256 expected = Difficulty.next(
                rules.fork(),
                chain.forks().bombDelay(header.number()),
                header.number(),
                header.timestamp(),
                parent.difficulty(),
                parent.timestamp(),
                !parent.ommersHash().equals(Hash.EMPTY_LIST));
        if (!header.difficulty().equals(expected)) {
            throw InvalidBlockException.mismatch(
                    "difficulty", header.difficulty().toBigInteger(), expected.toBigInteger());
        }
        OptionalLong dao = chain.forks().daoForkBlock();
        if (dao.isPresent()) {
            long distance = header.number() - dao.getAsLong();
            if (distance >= 0
                    && distance < DAO_EXTRA_DATA_BLOCKS
                    && !header.extraData().equals(DAO_EXTRA_DATA)) {
                throw InvalidBlockException.mismatch("extra data", header.extraData(), DAO_EXTRA_DATA);
            }
        }
    }

    /** EIP-3675. */
    private static void checkProofOfStake(BlockHeader header) throws InvalidBlockException {
        if (!header.difficulty().isZero()) {
            throw InvalidBlockException.mismatch(
                    "difficulty", header.difficulty().toBigInteger(), 0);
        }
        if (!header.nonce().equals(ZERO_NONCE)) {
            throw InvalidBlockException.mismatch("nonce", header.nonce(), ZERO_NONCE);
        }
        if (!header.ommersHash().equals(Hash.EMPTY_LIST)) {
            throw InvalidBlockException.mismatch("ommers hash", header.ommersHash(), Hash.EMPTY_LIST);
        }
    }

    private static void present(String what, Optional<?> field, boolean expected) throws InvalidBlockException {
        if (field.isPresent() != expected) {
            throw new InvalidBlockException(
                    what + " is " + (expected ? "absent" : "present") + ", which the rules of this block forbid");
        }
    }
}
