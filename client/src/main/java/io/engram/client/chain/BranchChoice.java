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
 * chosen already (EIP-3675). A branch is executed when it becomes canonical, not before. Used under the chain's lock.
 */
final class BranchChoice {

    /** Blocks that a change of branch may undo; one that would undo more stays aside. */
    static final int MAX_UNDONE = 1_024;

    /** Validates a block on the head and makes it the head. */
    interface Extension {
        ImportResult extend(Block block, boolean diagnose);
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
        boolean known = side.get(hash).isPresent();
        side.add(offered);
        if (isPreferred(offered, rules)) {
            return follow(offered, diagnose);
        }
        return known ? new ImportResult.AlreadyKnown(header.number()) : new ImportResult.Aside(header.number());
    }

    private boolean isPreferred(SideBlock offered, BlockRules rules) {
        if (!rules.isProofOfWork()) {
            return true;
        }
        ChainStore.Head head = chain.head();
        UInt256 before = head.totalDifficulty().subtract(head.header().difficulty());
        return chain.rules()
                        .at(head.number(), head.header().timestamp(), before)
                        .isProofOfWork()
                && offered.totalDifficulty().compareTo(head.totalDifficulty()) > 0;
    }

    private Optional<ChainStore.Head> canonical(Hash hash) {
        return chain.canonicalHeader(hash)
                .map(header -> new ChainStore.Head(
                        hash, header, chain.store().totalDifficulty(hash).orElseThrow()));
    }

    private ImportResult follow(SideBlock tip, boolean diagnose) {
        Deque<SideBlock> branch = new ArrayDeque<>();
        branch.addFirst(tip);
        while (canonical(branch.getFirst().parentHash()).isEmpty()) {
            Optional<SideBlock> parent = side.get(branch.getFirst().parentHash());
            if (parent.isEmpty()) {
                return new ImportResult.Invalid(
                        "the ancestor " + branch.getFirst().parentHash() + " is no longer known");
            }
            branch.addFirst(parent.get());
        }
        long fork = branch.getFirst().block().header().number() - 1;
        if (chain.head().number() - fork > MAX_UNDONE) {
            return new ImportResult.Aside(tip.block().header().number());
        }
        List<SideBlock> undone = blocksAfter(fork);
        chain.rewind(fork);
        ImportResult result = new ImportResult.Aside(tip.block().header().number());
        try {
            for (SideBlock next : branch) {
                result = extension.extend(next.block(), diagnose);
                if (result instanceof ImportResult.Invalid invalid) {
                    side.remove(next.hash());
                    restore(fork, undone);
                    return next.hash().equals(tip.hash())
                            ? invalid
                            : new ImportResult.Invalid("its ancestor " + next.hash() + ": " + invalid.reason());
                }
            }
        } catch (LocalFaultException e) {
            restore(fork, undone);
            throw e;
        }
        branch.forEach(block -> side.remove(block.hash()));
        undone.forEach(side::add);
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

    /** Back to the branch that was canonical, which was found valid before. */
    private void restore(long fork, List<SideBlock> undone) {
        chain.rewind(fork);
        for (SideBlock block : undone) {
            if (!(extension.extend(block.block(), false) instanceof ImportResult.Imported)) {
                throw new IllegalStateException("block " + block.hash() + " was valid and no longer is");
            }
        }
    }
}
