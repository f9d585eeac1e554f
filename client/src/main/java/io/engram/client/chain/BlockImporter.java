package io.engram.client.chain;

import io.engram.genesis.Hash;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockCodec;
import io.engram.genesis.rlp.RlpException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * Adds blocks that someone else made to the chain. Under QBFT each must be the direct successor of the head, as a
 * sealed block is final; on Ethereum's chains {@link BranchChoice} decides between branches. Thread-safe.
 */
public final class BlockImporter {

    private final Blockchain chain;
    private final BlockValidator validator;
    private final BranchChoice branches;

    public BlockImporter(Blockchain chain, BlockValidator validator) {
        this.chain = chain;
        this.validator = validator;
        this.branches = new BranchChoice(chain, this::extend);
    }

    /**
     * Validates a block and makes it the head, or keeps it aside.
     *
     * @throws io.engram.evm.LocalFaultException when this node cannot tell whether the block is valid; nothing
     *     has changed
     */
    public ImportResult importBlock(Block block) {
        return importBlock(block, false);
    }

    private ImportResult importBlock(Block block, boolean diagnose) {
        if (chain.isBusy() && isDecided(block)) {
            chain.announceDecision(block.header());
        }
        return chain.exclusively(() -> {
            Hash hash = chain.rules().hasher().hash(block.header());
            if (chain.store().canonicalHash(block.header().number()).equals(Optional.of(hash))) {
                return new ImportResult.AlreadyKnown(block.header().number());
            }
            boolean onHead = block.header().parentHash().equals(chain.head().hash());
            return onHead || chain.rules().isQbft()
                    ? extend(block, diagnose, true)
                    : branches.offer(block, hash, diagnose);
        });
    }

    /** Whether its seals make it the next block, whatever its execution gives. */
    private boolean isDecided(Block block) {
        return chain.rules().isQbft()
                && block.header().parentHash().equals(chain.head().hash())
                && validator.sealFault(block.header()).isEmpty();
    }

    private ImportResult extend(Block block, boolean diagnose, boolean announce) {
        return switch (diagnose ? validator.diagnose(block) : validator.validate(block)) {
            case BlockValidator.Result.Invalid invalid -> new ImportResult.Invalid(invalid.reason());
            case BlockValidator.Result.Valid valid -> {
                if (announce) {
                    chain.append(valid.block(), valid.state());
                } else {
                    chain.store().append(valid.block(), valid.state());
                }
                yield new ImportResult.Imported(valid.block());
            }
        };
    }

    /**
     * Imports blocks that follow one another in their RLP form, until the end or the first that is not valid; the head
     * is then the last valid one. Blocks that the chain has already are passed over.
     *
     * @throws io.engram.evm.LocalFaultException as {@link #importBlock}; the blocks before stay
     */
    public ImportSummary importAll(InputStream in) throws IOException {
        BlockStream stream = new BlockStream(in);
        long imported = 0;
        long known = 0;
        while (true) {
            long position = imported + known;
            Block block;
            try {
                Optional<Bytes> encoded = stream.next();
                if (encoded.isEmpty()) {
                    return new ImportSummary(imported, known, Optional.empty());
                }
                block = BlockCodec.decode(encoded.get());
            } catch (RlpException e) {
                return failed(imported, known, position, -1, "not a block: " + e.getMessage());
            }
            switch (importBlock(block, true)) {
                case ImportResult.Imported ok -> imported++;
                case ImportResult.Aside aside -> imported++;
                case ImportResult.AlreadyKnown ok -> known++;
                case ImportResult.Invalid invalid -> {
                    return failed(imported, known, position, block.header().number(), invalid.reason());
                }
            }
        }
    }

    private static ImportSummary failed(long imported, long known, long position, long number, String reason) {
        return new ImportSummary(imported, known, Optional.of(new ImportSummary.Failure(position, number, reason)));
    }
}
