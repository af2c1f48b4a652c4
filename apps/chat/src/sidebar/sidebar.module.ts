import { Module } from '@nestjs/common';
import { SidebarController } from './sidebar.controller.js';
import { SidebarRepository } from './sidebar.repository.js';
import { SidebarService } from './sidebar.service.js';

@Module({
  controllers: [SidebarController],
  providers: [SidebarRepository, SidebarService],
  exports: [SidebarService],
})
export class SidebarModule {}
