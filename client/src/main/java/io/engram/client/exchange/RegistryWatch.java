package io.engram.client.exchange;

import io.engram.client.chain.Blockchain;
import io.engram.client.chain.ChainEvent;
import io.engram.client.model.RegistryStorage;
import io.engram.genesis.Hash;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.block.Log;
import io.engram.genesis.block.LogsBloom;
import io.engram.genesis.block.Receipt;
import io.engram.genesis.system.SystemContracts;
import java.util.List;
import java.util.Optional;

/**
 * What the chain says of models: announcements from the registry's events, all else from its storage at the head. Thread-safe.
 */
final class RegistryWatch implements AutoCloseable {

    private final Blockchain chain;
    private final long announcementExpiry;
    private final Runnable onChange;
    private final Announcements announcements = new Announcements();
    private final Thread search = Thread.ofVirtual().name("announcements").unstarted(this::search);
    private volatile boolean changed = true;
    private volatile RegistryView view = RegistryView.EMPTY;

    /** @param onChange called on the thread that changes the chain, and must return at once */
    RegistryWatch(Blockchain chain, long announcementExpiry, Runnable onChange) {
        this.chain = chain;
        this.announcementExpiry = announcementExpiry;
        this.onChange = onChange;
    }

    void start() {
        chain.onChange(this::onChange);
        search.start();
    }

    private void onChange(ChainEvent event) {
        if (event instanceof ChainEvent.Appended appended) {
            BlockHeader header = appended.block().block().header();
            if (!LogsBloom.mayContain(header.logsBloom(), SystemContracts.MODEL_REGISTRY)) {
                return;
            }
            note(appended.block().receipts());
        }
        changed = true;
        onChange.run();
    }

    private void note(List<Receipt> receipts) {
        for (Receipt receipt : receipts) {
            for (Log log : receipt.logs()) {
                if (log.address().equals(SystemContracts.MODEL_REGISTRY)) {
                    Announcement.of(log).ifPresent(announcements::add);
                }
            }
        }
    }

    /** Announcements in the chain's last blocks, which may still be attested; beside all else, as it may take long. */
    private void search() {
        long head = chain.head().number();
        long first = Math.max(1, head - Math.min(announcementExpiry, ExchangeLimits.SEARCHED_BLOCKS));
        for (long number = first; number <= head && !Thread.currentThread().isInterrupted(); number++) {
            chain.store()
                    .canonicalHash(number)
                    .filter(hash -> chain.store()
                            .header(hash)
                            .filter(header -> LogsBloom.mayContain(header.logsBloom(), SystemContracts.MODEL_REGISTRY))
                            .isPresent())
                    .flatMap(chain.store()::receipts)
                    .ifPresent(this::note);
        }
        onChange.run();
    }

    /** Whether the models are others than at the last refresh, perhaps. */
    boolean hasChanged() {
        return changed;
    }

    /** Reads what has changed. */
    synchronized void refresh() {
        // Cleared before the head is looked at: what comes meanwhile is read next time.
        boolean all = changed;
        changed = false;
        long head = chain.head().number();
        Optional<RegistryStorage> contract = storage(head);
        if (contract.isEmpty()) {
            changed |= all;
        } else {
            // The system call that writes the validators leaves no event.
            view = all
                    ? RegistryView.of(contract.get())
                    : view.withValidators(contract.get().validators());
        }
        announcements.expire(head + 1);
    }

    /** As of the last refresh. */
    RegistryView view() {
        return view;
    }

    /** The number of the block that comes next. */
    long nextBlock() {
        return chain.head().number() + 1;
    }

    List<Announcement> announcements() {
        return announcements.all();
    }

    /** Whether the model is announced, or a quorum has signed it, at the head. */
    boolean isKnown(Hash modelId) {
        long head = chain.head().number();
        return storage(head)
                .flatMap(contract -> contract.entry(modelId))
                .filter(entry -> entry.activeFrom() != 0 || entry.expiresAt() > head)
                .isPresent();
    }

    private Optional<RegistryStorage> storage(long block) {
        return chain.stateAfter(block).map(state -> new RegistryStorage(state, SystemContracts.MODEL_REGISTRY));
    }

    @Override
    public void close() {
        search.interrupt();
        try {
            search.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
