package io.engram.client.chain;

import io.engram.evm.BlockContext;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.fork.BlobGas;
import io.engram.genesis.fork.Fork;
import java.util.function.LongFunction;
import org.apache.tuweni.units.bigints.UInt256;

/** What a block's code sees of its block. */
final class BlockContexts {

    private BlockContexts() {}

    static BlockContext of(BlockHeader header, BlockRules rules, LongFunction<Hash> ancestors) {
        return new BlockContext(
                rules.fork(),
                rules.chainId(),
                header.number(),
                header.timestamp(),
                header.gasLimit(),
                beneficiary(header, rules),
                rules.fork().isAtLeast(Fork.PARIS)
                        ? UInt256.fromBytes(header.mixHash().toBytes())
                        : header.difficulty(),
                header.baseFee().orElse(Wei.ZERO),
                rules.blobs()
                        .map(blobs -> BlobGas.baseFee(header.excessBlobGas().orElse(0L), blobs))
                        .orElse(Wei.ZERO),
                ancestors);
    }

    private static Address beneficiary(BlockHeader header, BlockRules rules) {
        return switch (rules.seal()) {
            case BlockRules.Seal.Qbft qbft -> qbft.beneficiary().orElse(header.coinbase());
            case BlockRules.Seal.Unchecked unchecked -> header.coinbase();
        };
    }
}
