package io.engram.client.chain;

import io.engram.genesis.Hash;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockCodec;
import io.engram.genesis.rlp.RlpException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.tuweni.bytes.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds blocks that someone else made to the chain. Under QBFT each must be the direct successor of the head, as a
 * sealed block is final; on Ethereum's chains {@link BranchChoice} decides between branches. Thread-safe.
 */
public final class BlockImporter {

    private static final Logger LOG = LoggerFactory.getLogger(BlockImporter.class);

    private final Blockchain chain;
    private final BlockValidator validator;
    private final BranchChoice branches;
    private final Optional<SealedSource> sealed;

    /** @param sealed who is asked for results of sealed blocks, so that they need not be computed; absent: they are */
    public BlockImporter(Blockchain chain, BlockValidator validator, Optional<SealedSource> sealed) {
        this.chain = chain;
        this.validator = validator;
        this.sealed = sealed;
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
        List<SealedSource.Claim> unfounded = new ArrayList<>();
        ImportResult result = importAsClaimed(block, diagnose, unfounded)
                .orElseGet(() -> offer(block, diagnose, () -> judge(block, diagnose)));
        if (result instanceof ImportResult.Imported) {
            // The block is right, so they were not
            unfounded.forEach(SealedSource.Claim::reject);
        }
        return result;
    }

    /**
     * Imports a block with results that others claim, where that is wanted and the block has inferences and a quorum of seals.
     *
     * @param unfounded takes up the claims about other inputs than the block's
     * @return empty when its inferences have to be computed
     */
    private Optional<ImportResult> importAsClaimed(Block block, boolean diagnose, List<SealedSource.Claim> unfounded) {
        Optional<Hash> root = validator.inferenceRoot(block.header());
        if (sealed.isEmpty() || diagnose || root.isEmpty() || chain.isChangedByThisThread() || !isDecided(block)) {
            return Optional.empty();
        }
        Iterator<SealedSource.Claim> claims =
                sealed.get().claims(chain.rules().hasher().hash(block.header()), root.get());
        while (claims.hasNext()) {
            SealedSource.Claim claim = claims.next();
            try {
                return Optional.of(offer(block, false, () -> validator.validateAsClaimed(block, claim.inferences())));
            } catch (UnfoundedClaimException e) {
                LOG.warn("Block {}: {}", block.header().number(), e.getMessage());
                unfounded.add(claim);
            }
        }
        return Optional.empty();
    }

    private ImportResult offer(Block block, boolean diagnose, Supplier<BlockValidator.Result> judgement) {
        return chain.exclusively(() -> {
            Hash hash = chain.rules().hasher().hash(block.header());
            if (chain.store().canonicalHash(block.header().number()).equals(Optional.of(hash))) {
                return new ImportResult.AlreadyKnown(block.header().number());
            }
            boolean onHead = block.header().parentHash().equals(chain.head().hash());
            return onHead || chain.rules().isQbft()
                    ? extend(judgement.get(), true)
                    : branches.offer(block, hash, diagnose);
        });
    }

    /** Whether its seals make it the next block, whatever its execution gives. */
    private boolean isDecided(Block block) {
        return chain.rules().isQbft()
                && block.header().parentHash().equals(chain.head().hash())
                && validator.sealFault(block.header()).isEmpty();
    }

    private BlockValidator.Result judge(Block block, boolean diagnose) {
        return diagnose ? validator.diagnose(block) : validator.validate(block);
    }

    private ImportResult extend(Block block, boolean diagnose, boolean announce) {
        return extend(judge(block, diagnose), announce);
    }

    private ImportResult extend(BlockValidator.Result judgement, boolean announce) {
        return switch (judgement) {
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
