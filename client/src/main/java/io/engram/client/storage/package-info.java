/** The node's database: RocksDB column families, snapshots and atomic batches. */
@NullMarked
package io.engram.client.storage;

import org.jspecify.annotations.NullMarked;
