package io.engram.client.chain;

import io.engram.client.chain.SideBranches.SideBlock;
import io.engram.evm.LocalFaultException;
import io.engram.genesis.Hash;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockHeader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * Which branch of an Ethereum chain is canonical. Under proof of work it is the one of highest total difficulty, the
 * first seen among equals (yellow paper, 10); after the merge it is the one that was imported last, as who imports has
 * chosen already (EIP-3675). Used under the chain's lock.
 *
 * <p>A block beside the canonical chain is executed at once where that undoes and redoes few blocks, so that an invalid
 * one is refused; readers of the store can see its branch as the head meanwhile, listeners hear nothing. Other branches
 * are executed when they become canonical.
 */
final class BranchChoice {

    /** Blocks that a change of branch may undo; one that would undo more stays aside. */
    static final int MAX_UNDONE = 1_024;

    /** Blocks off and on the canonical chain that executing a block beside it may take. */
    static final int MAX_TRIAL = 64;

    /** Validates a block on the head and makes it the head. */
    interface Extension {
        /** @param announce whether the chain's listeners hear of it */
        ImportResult extend(Block block, boolean diagnose, boolean announce);
    }

    private final Blockchain chain;
    private final Extension extension;
    private final HeaderRules headers;
    private final SideBranches side = new SideBranches();

    BranchChoice(Blockchain chain, Extension extension) {
        this.chain = chain;
        this.extension = extension;
        this.headers = new HeaderRules(chain.rules());
    }

    /** Judges a block that does not follow the head. */
    ImportResult offer(Block block, Hash hash, boolean diagnose) {
        BlockHeader header = block.header();
        Optional<ChainStore.Head> parent = canonical(header.parentHash())
                .or(() -> side.get(header.parentHash()).map(SideBlock::asHead));
        if (parent.isEmpty()) {
            return new ImportResult.Invalid("the parent " + header.parentHash() + " is not known");
        }
        BlockRules rules = chain.rules().after(parent.get(), header.timestamp());
        try {
            headers.check(header, parent.get());
            BodyRules.check(block, rules);
        } catch (InvalidBlockException e) {
            return new ImportResult.Invalid(e.reason());
        }
        UInt256 difficulty = parent.get().totalDifficulty().add(header.difficulty());
        SideBlock offered = new SideBlock(block, hash, difficulty);
        if (isPreferred(offered, rules)) {
            return follow(offered, diagnose);
        }
        if (side.get(hash).isPresent()) {
            return new ImportResult.AlreadyKnown(header.number());
        }
        Optional<ImportResult.Invalid> fault = tryOut(offered, diagnose);
        if (fault.isPresent()) {
            return fault.get();
        }
        side.add(offered);
        return new ImportResult.Aside(header.number());
    }

    private boolean isPreferred(SideBlock offered, BlockRules rules) {
        if (!rules.isProofOfWork()) {
            return true;
        }
        ChainStore.Head head = chain.head();
        UInt256 before = head.totalDifficulty().subtract(head.header().difficulty());
        long timestamp = head.header().timestamp();
        return chain.rules().at(head.number(), timestamp, timestamp, before).isProofOfWork()
                && offered.totalDifficulty().compareTo(head.totalDifficulty()) > 0;
    }

    private Optional<ChainStore.Head> canonical(Hash hash) {
        return chain.canonicalHeader(hash)
                .map(header -> new ChainStore.Head(
                        hash, header, chain.store().totalDifficulty(hash).orElseThrow()));
    }

    /** The blocks from the canonical chain to {@code tip}; empty when one between is no longer known. */
    private Deque<SideBlock> branchTo(SideBlock tip) {
        Deque<SideBlock> branch = new ArrayDeque<>();
        branch.addFirst(tip);
        while (canonical(branch.getFirst().parentHash()).isEmpty()) {
            Optional<SideBlock> parent = side.get(branch.getFirst().parentHash());
            if (parent.isEmpty()) {
                return new ArrayDeque<>();
            }
            branch.addFirst(parent.get());
        }
        return branch;
    }

    private static long forkOf(Deque<SideBlock> branch) {
        return branch.getFirst().block().header().number() - 1;
    }

    /** Makes the branch of {@code tip} canonical if it is valid. */
    private ImportResult follow(SideBlock tip, boolean diagnose) {
        Deque<SideBlock> branch = branchTo(tip);
        if (branch.isEmpty()) {
            return new ImportResult.Invalid("an ancestor of the block is no longer known");
        }
        long fork = forkOf(branch);
        if (chain.head().number() - fork > MAX_UNDONE) {
            side.add(tip);
            return new ImportResult.Aside(tip.block().header().number());
        }
        List<SideBlock> undone = blocksAfter(fork);
        chain.rewind(fork);
        ImportResult result = execute(branch, tip, diagnose, true, () -> {
            chain.rewind(fork);
            restore(undone, true);
        });
        if (result instanceof ImportResult.Imported) {
            branch.forEach(block -> side.remove(block.hash()));
            undone.forEach(side::add);
        }
        return result;
    }

    /** Executes the branch of {@code tip} and returns to the canonical one. */
    private Optional<ImportResult.Invalid> tryOut(SideBlock tip, boolean diagnose) {
        Deque<SideBlock> branch = branchTo(tip);
        if (branch.isEmpty()) {
            return Optional.of(new ImportResult.Invalid("an ancestor of the block is no longer known"));
        }
        long fork = forkOf(branch);
        if (chain.head().number() - fork + branch.size() > MAX_TRIAL) {
            return Optional.empty();
        }
        List<SideBlock> undone = blocksAfter(fork);
        Runnable back = () -> {
            chain.store().rewind(fork);
            restore(undone, false);
        };
        chain.store().rewind(fork);
        if (execute(branch, tip, diagnose, false, back) instanceof ImportResult.Invalid invalid) {
            return Optional.of(invalid);
        }
        back.run();
        return Optional.empty();
    }

    /** Puts a branch on the head; on a fault runs {@code back}. */
    private ImportResult execute(
            Deque<SideBlock> branch, SideBlock tip, boolean diagnose, boolean announce, Runnable back) {
        ImportResult result = new ImportResult.Aside(tip.block().header().number());
        try {
            for (SideBlock next : branch) {
                result = extension.extend(next.block(), diagnose, announce);
                if (result instanceof ImportResult.Invalid invalid) {
                    side.remove(next.hash());
                    back.run();
                    return next.hash().equals(tip.hash())
                            ? invalid
                            : new ImportResult.Invalid("its ancestor " + next.hash() + ": " + invalid.reason());
                }
            }
        } catch (LocalFaultException e) {
            back.run();
            throw e;
        }
        return result;
    }

    private List<SideBlock> blocksAfter(long number) {
        List<SideBlock> blocks = new ArrayList<>();
        for (long n = number + 1; n <= chain.head().number(); n++) {
            Hash hash = chain.store().canonicalHash(n).orElseThrow();
            blocks.add(new SideBlock(
                    chain.store().block(hash).orElseThrow(),
                    hash,
                    chain.store().totalDifficulty(hash).orElseThrow()));
        }
        return blocks;
    }

    /** Back to blocks that were canonical, which were found valid before. */
    private void restore(List<SideBlock> undone, boolean announce) {
        for (SideBlock block : undone) {
            if (!(extension.extend(block.block(), false, announce) instanceof ImportResult.Imported)) {
                throw new IllegalStateException("block " + block.hash() + " was valid and no longer is");
            }
        }
    }
}
