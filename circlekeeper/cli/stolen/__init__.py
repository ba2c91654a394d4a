"""What somebody with the server's disk, a backup and a former leader's passphrase could read; tried, not believed."""
