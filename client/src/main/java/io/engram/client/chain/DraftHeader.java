package io.engram.client.chain;

import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.block.LogsBloom;
import io.engram.genesis.fork.BaseFee;
import io.engram.genesis.fork.Fork;
import io.engram.genesis.qbft.Qbft;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/** The header of a block that is yet to be executed: everything that its code can see, and no results. */
final class DraftHeader {

    private static final Bytes NONCE = Bytes.wrap(new byte[BlockHeader.NONCE_SIZE]);

    private DraftHeader() {}

    static BlockHeader of(
            ChainRules chain,
            ChainStore.Head parent,
            BlockRules rules,
            BlockBuilder.Attributes attributes,
            long targetGasLimit) {
        BlockHeader above = parent.header();
        boolean london = rules.fork().isAtLeast(Fork.LONDON);
        boolean cancun = rules.fork().isAtLeast(Fork.CANCUN);
        boolean firstLondon = london && above.baseFee().isEmpty();
        long parentLimit = firstLondon ? above.gasLimit() * BaseFee.ELASTICITY : above.gasLimit();
        Optional<Wei> baseFee = london ? Optional.of(chain.nextBaseFee(above)) : Optional.empty();
        return new BlockHeader(
                parent.hash(),
                Hash.EMPTY_LIST,
                attributes.coinbase(),
                Hash.ZERO,
                Hash.EMPTY_TRIE,
                Hash.EMPTY_TRIE,
                LogsBloom.EMPTY,
                rules.isQbft() ? Qbft.DIFFICULTY : UInt256.ZERO,
                parent.number() + 1,
                attributes.gasLimit().orElseGet(() -> GasLimitRule.towards(targetGasLimit, parentLimit)),
                0,
                attributes.timestamp(),
                Bytes.EMPTY,
                rules.isQbft() ? Qbft.MIX_HASH : attributes.randomness(),
                NONCE,
                baseFee,
                rules.fork().isAtLeast(Fork.SHANGHAI) ? Optional.of(Hash.EMPTY_TRIE) : Optional.empty(),
                cancun ? Optional.of(0L) : Optional.empty(),
                cancun ? Optional.of(HeaderRules.excessBlobGas(above, rules)) : Optional.empty(),
                cancun ? Optional.of(Hash.ZERO) : Optional.empty(),
                rules.fork().isAtLeast(Fork.PRAGUE) ? Optional.of(Hash.ZERO) : Optional.empty());
    }
}
