/** The world state: flat accounts and storage, the Merkle Patricia tries over them, and their history. */
@NullMarked
package io.engram.client.state;

import org.jspecify.annotations.NullMarked;
