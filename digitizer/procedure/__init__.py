"""The procedure system (*hệ thống thông tin giải quyết TTHC*): the port and its adapters."""
